#include "services/bundles/bundle_model/recent_counts.h"

#include <algorithm>
#include <numeric>

#include "services/bundles/index/queries.h"

namespace clustr::bundle_model {
namespace {

using index::Slot;
using index::Snapshot;

constexpr uint64_t kNotCounted = UINT64_MAX;

// The days of the oldest and the newest basket; any day if there is no basket.
Recency RecencyOf(const Snapshot& snapshot, double half_life_days) {
  int32_t first = INT32_MAX;
  int32_t newest = INT32_MIN;
  for (Slot slot = 0; slot < snapshot.slot_count(); ++slot) {
    if (!snapshot.alive(slot)) continue;
    first = std::min(first, snapshot.epoch_day(slot));
    newest = std::max(newest, snapshot.epoch_day(slot));
  }
  if (first > newest) first = newest = 0;
  return Recency(first, newest, half_life_days);
}

double RecentBaskets(const Snapshot& snapshot, const Recency& recency) {
  uint64_t units = 0;
  for (Slot slot = 0; slot < snapshot.slot_count(); ++slot) {
    if (snapshot.alive(slot)) units += recency.UnitsOf(snapshot.epoch_day(slot));
  }
  return Recency::PurchasesOf(units);
}

}  // namespace

RecentCounts::RecentCounts(const Snapshot& snapshot, double half_life_days)
    : snapshot_(snapshot),
      everything_(index::Select(snapshot, {})),
      recency_(RecencyOf(snapshot, half_life_days)),
      baskets_(RecentBaskets(snapshot, recency_)),
      units_(snapshot.item_count()) {
  for (std::atomic<uint64_t>& units : units_) units.store(kNotCounted, std::memory_order_relaxed);
}

double RecentCounts::Of(Item item) const {
  if (item >= units_.size()) return 0;
  uint64_t units = units_[item].load(std::memory_order_relaxed);
  if (units == kNotCounted) {
    units = 0;
    index::ForEachBasket(snapshot_, everything_, {item},
                         [&](Slot slot) { units += recency_.UnitsOf(snapshot_.epoch_day(slot)); });
    units_[item].store(units, std::memory_order_relaxed);
  }
  return Recency::PurchasesOf(units);
}

double RecentCounts::Most() const {
  std::call_once(most_once_, [this] {
    std::vector<Item> items(units_.size());
    std::iota(items.begin(), items.end(), 0);
    std::sort(items.begin(), items.end(),
              [this](Item a, Item b) { return snapshot_.live_count(a) > snapshot_.live_count(b); });
    for (const Item item : items) {
      if (static_cast<double>(snapshot_.live_count(item)) <= most_) break;
      most_ = std::max(most_, Of(item));
    }
  });
  return most_;
}

}  // namespace clustr::bundle_model
