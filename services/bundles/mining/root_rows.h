#ifndef CLUSTR_SERVICES_BUNDLES_MINING_ROOT_ROWS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_ROOT_ROWS_H_

#include <cstdint>
#include <memory>

#include "services/bundles/mining/vertical.h"

namespace clustr::mining {

// The codes of every basket, ascending, for all threads of a search to read. Basket i's begin at
// row_begins[i] of the vertical they were made from.
struct RootRows {
  // One of the two: narrow if all codes fit and the search is not of weighted baskets.
  std::unique_ptr<uint16_t[]> narrow;
  std::unique_ptr<uint32_t[]> wide;

  int64_t memory_bytes = 0;

  template <class Code>
  const Code* codes() const {
    if constexpr (sizeof(Code) == sizeof(uint16_t)) {
      return narrow.get();
    } else {
      return wide.get();
    }
  }
};

// Codes of 16 bits are enough.
inline bool HasNarrowCodes(const BasketView& baskets, const Vertical& vertical) {
  return baskets.weights.empty() && vertical.items.size() <= UINT16_MAX;
}

// Of `vertical`, which has holders. O(frequent items of all baskets), shared among `threads`.
RootRows MakeRootRows(const BasketView& baskets, const Vertical& vertical, int threads);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_ROOT_ROWS_H_
