#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_CODE_ROWS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_CODE_ROWS_H_

#include <cstdint>
#include <memory>

#include "services/bundles/mining/layout/vertical.h"

namespace clustr::mining {

// The codes of every basket, ascending. Immutable. Basket i's begin at
// row_begins[i] of the vertical they were made from.
struct CodeRows {
  // One of the two: narrow if all codes fit and the baskets are not weighted.
  std::unique_ptr<uint16_t[]> narrow;
  std::unique_ptr<uint32_t[]> wide;
};

// Of `vertical`, which has holders. O(frequent items of all baskets), shared among `threads`.
CodeRows MakeCodeRows(const BasketView& baskets, const Vertical& vertical, int threads);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_CODE_ROWS_H_
