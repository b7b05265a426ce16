#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_PROJECTED_BASKETS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_PROJECTED_BASKETS_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/mining/base/basket_view.h"

namespace clustr::mining {

// The projection of baskets on an itemset, in arrays that a BasketView can borrow.
struct ProjectedBaskets {
  std::vector<Item> items;
  std::vector<uint64_t> offsets = {0};
  std::vector<int64_t> weights;  // See BasketView::weights.
  int64_t count = 0;             // The count of the itemset.

  BasketView view() const { return {items, offsets, weights}; }
};

// The baskets that contain all of `prefix`, without the items of `removed`. Both are ascending and
// distinct. Makes one pass over the baskets.
ProjectedBaskets ProjectBaskets(const BasketView& baskets, absl::Span<const Item> prefix,
                                absl::Span<const Item> removed);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_PROJECTED_BASKETS_H_
