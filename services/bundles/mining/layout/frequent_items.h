#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_FREQUENT_ITEMS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_FREQUENT_ITEMS_H_

#include <cstdint>
#include <vector>

#include "services/bundles/mining/base/basket_view.h"

namespace clustr::mining {

// Frequent items, numbered by code.
struct FrequentItems {
  std::vector<Item> items;      // By code.
  std::vector<int64_t> counts;  // By code.
};

// The items whose count in `baskets` is at min_count `min_count`. Makes one pass over the baskets,
// and uses up to 12 bytes per thread for each number up to the highest item meanwhile.
FrequentItems CountFrequentItems(const BasketView& baskets, int64_t min_count, int threads = 1);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_FREQUENT_ITEMS_H_
