#include "services/bundles/recommend/purchased.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace clustr::bundles {
namespace {

constexpr int kMaxBaskets = 10'000;  // Of a customer. One with more is no person.
constexpr int64_t kSecondsPerDay = 24 * 60 * 60;

// The newest day on which anything was sold, but not after `today`. Starts with what was read last,
// which in a shop that sells is of today.
int32_t LastDay(const index::Snapshot& shop, int32_t today) {
  int32_t last = INT32_MIN;
  for (index::Slot slot = shop.slot_count(); slot-- > 0;) {
    if (!shop.alive(slot)) continue;
    last = std::max(last, shop.epoch_day(slot));
    if (last >= today) return today;
  }
  return last;
}

}  // namespace

int32_t Today() { return static_cast<int32_t>(absl::ToUnixSeconds(absl::Now()) / kSecondsPerDay); }

std::vector<mining::Item> PurchasedWithin(const index::Snapshot& shop, int64_t customer_id,
                                          int32_t days, int32_t today) {
  std::vector<mining::Item> items;
  if (days == 0) return items;
  const int32_t last = LastDay(shop, today);
  int baskets = 0;
  shop.ForEachBasketOf(customer_id, [&](index::Slot slot) {
    if (int64_t{shop.epoch_day(slot)} > int64_t{last} - days) {
      items.insert(items.end(), shop.items(slot).begin(), shop.items(slot).end());
    }
    return ++baskets < kMaxBaskets;
  });
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

}  // namespace clustr::bundles
