#include "services/bundles/train/shop_size.h"

#include <algorithm>

namespace clustr::bundles {
namespace {

constexpr int64_t kMinBaskets = 500;
constexpr int32_t kMinDays = 14;
constexpr int32_t kDaysBetween = 7;

}  // namespace

ShopSize SizeOf(const index::Snapshot& shop) {
  ShopSize size = {shop.basket_count(), INT32_MAX, INT32_MIN};
  for (index::Slot slot = 0; slot < shop.slot_count(); ++slot) {
    if (!shop.alive(slot)) continue;
    size.first_day = std::min(size.first_day, shop.epoch_day(slot));
    size.last_day = std::max(size.last_day, shop.epoch_day(slot));
  }
  return size.basket_count == 0 ? ShopSize() : size;
}

bool WorthTraining(const ShopSize& now, const std::optional<ShopSize>& trained) {
  if (now.basket_count < kMinBaskets || now.last_day - now.first_day + 1 < kMinDays) return false;
  if (!trained) return true;
  const int64_t further = now.basket_count - trained->basket_count;
  return further >= trained->basket_count / 5 ||
         (further > 0 && now.last_day >= trained->last_day + kDaysBetween);
}

bool FillsUp(const ShopSize& now, const ShopSize& before) {
  return now.basket_count - before.basket_count > now.basket_count / 20;
}

}  // namespace clustr::bundles
