#ifndef CLUSTR_SERVICES_BUNDLES_TRAIN_SHOP_SIZE_H_
#define CLUSTR_SERVICES_BUNDLES_TRAIN_SHOP_SIZE_H_

#include <cstdint>
#include <optional>

#include "services/bundles/index/snapshot.h"

namespace clustr::bundles {

// How much there is to learn from.
struct ShopSize {
  int64_t basket_count = 0;
  int32_t first_day = 0;  // Days since 1970-01-01, of the baskets; 0 without baskets.
  int32_t last_day = 0;

  bool operator==(const ShopSize&) const = default;
};

// O(baskets), about 1 ns each.
ShopSize SizeOf(const index::Snapshot& shop);

// True if the server should train on its own: the shop has at least 500 baskets on at least 14
// days, and since the last training (if there was one) it has grown by a fifth, or by a week.
bool WorthTraining(const ShopSize& now, const std::optional<ShopSize>& trained);

// True if the shop still fills up: more than a twentieth of its baskets came since `before`.
bool FillsUp(const ShopSize& now, const ShopSize& before);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_TRAIN_SHOP_SIZE_H_
