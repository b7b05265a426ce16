#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_TID_LISTS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_TID_LISTS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "services/bundles/mining/base/basket_view.h"
#include "services/bundles/mining/layout/frequent_items.h"

namespace clustr::mining {

// The baskets in vertical layout: the tid-list of each frequent item. A tid is the number of a
// basket in the view. Immutable once made.
struct TidLists {
  FrequentItems frequent;
  std::vector<uint32_t> begins;      // Indexed by code, into `tids`; one more than codes.
  std::unique_ptr<uint32_t[]> tids;  // Indexed by code, ascending.
  std::unique_ptr<uint32_t[]>
      basket_begins;  // Indexed by tid: frequent items in all earlier baskets.
  size_t basket_count = 0;

  int64_t memory_bytes() const {
    return static_cast<int64_t>(
        frequent.items.size() * (sizeof(Item) + sizeof(int64_t) + sizeof(uint32_t)) +
        (begins.empty() ? 0 : begins.back()) * sizeof(uint32_t) + basket_count * sizeof(uint32_t));
  }
};

// The tid-lists of `frequent`, which must have been counted in `baskets`. Makes up to two passes
// over the baskets; takes 4 bytes for each frequent item of a basket and 4 for each basket.
// Requires fewer than 2^32 items in all baskets together.
TidLists MakeTidLists(const BasketView& baskets, FrequentItems frequent, int threads = 1);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_TID_LISTS_H_
