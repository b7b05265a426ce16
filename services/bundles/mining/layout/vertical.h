#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_VERTICAL_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_VERTICAL_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "services/bundles/mining/base/basket_view.h"

namespace clustr::mining {

// Frequent items with the baskets that hold each. Items are recoded 0, 1, ... by descending count,
// ties by item, so that a code depends on counts alone and not on the order of the baskets.
struct Vertical {
  std::vector<Item> items;                 // By code.
  std::vector<int64_t> counts;             // By code: the weight of the baskets that hold it.
  std::vector<uint32_t> begins;            // By code, into `holders`; one more than codes.
  std::unique_ptr<uint32_t[]> holders;     // Baskets by code, ascending.
  std::unique_ptr<uint32_t[]> row_begins;  // By basket: frequent items of the baskets before.
  size_t basket_count = 0;

  int64_t memory_bytes() const {
    return static_cast<int64_t>(items.size() * (sizeof(Item) + sizeof(int64_t) + sizeof(uint32_t)) +
                                (begins.empty() ? 0 : begins.back()) * sizeof(uint32_t) +
                                basket_count * sizeof(uint32_t));
  }
};

// The items of at least `min_count` baskets of `baskets`, without holders and row_begins. One pass
// over the baskets, and up to 12 bytes a thread for each number up to the highest item meanwhile.
Vertical CountFrequent(const BasketView& baskets, int64_t min_count, int threads = 1);

// Fills in what CountFrequent left out: a pass over the baskets, 4 bytes for each frequent item of
// a basket and 4 for a basket. Requires fewer than 2^32 items in all baskets together.
void AddHolders(const BasketView& baskets, Vertical& vertical, int threads = 1);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_VERTICAL_H_
