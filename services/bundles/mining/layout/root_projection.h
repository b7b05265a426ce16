#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_ROOT_PROJECTION_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_ROOT_PROJECTION_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "services/bundles/mining/base/basket_view.h"
#include "services/bundles/mining/base/large_memory.h"
#include "services/bundles/mining/layout/frequent_items.h"

namespace clustr::mining {

// FrequentPairs of the root, owned.
struct RootPairs {
  std::vector<uint32_t> begins;
  std::vector<uint32_t> codes;
  std::vector<int64_t> counts;
  std::vector<uint64_t> bits;
  size_t words = 0;
};

// The baskets as baskets of codes and lists of baskets, as in a HorizontalProjection.
struct RootBaskets {
  std::vector<uint32_t> begins;  // By code, into `tids`; one more than codes.
  LargeArray<uint32_t> tids;
  // One of the two: narrow if all codes fit and the baskets are not weighted.
  bool is_narrow = false;
  LargeArray<uint16_t> narrow;
  LargeArray<uint32_t> wide;
  uint32_t basket_count = 0;
};

// The baskets as columns of bits: a row for each code.
struct RootBitmaps {
  size_t words = 0;              // Of a row.
  LargeArray<uint64_t> bitmaps;  // By code, then, for weighted baskets, the planes of the weights.
  uint32_t plane_count = 0;
};

// Where a search begins. Immutable and shared by the threads of a search.
struct RootProjection {
  FrequentItems frequent;
  bool is_weighted = false;
  std::optional<RootPairs> pairs;
  // One of the two, whichever the search is cheaper with.
  std::optional<RootBaskets> horizontal;
  std::optional<RootBitmaps> vertical;
  int64_t memory_bytes = 0;
};

// The root of a search in `baskets` for sets of `items`. Baskets of fewer than `min_size` of
// those are left out: 2, or 1 where closed or maximal sets are asked for. One pass over the baskets
// and one over what is left of them, shared among `threads`; 4 bytes for each item of a basket, 2
// to 4 more and 2 to 12 a basket; bits take no more than 8 bytes for each, or 16 MiB. Requires
// FitsSearch(baskets).
RootProjection MakeRootProjection(const BasketView& baskets, FrequentItems frequent,
                                  std::optional<RootPairs> pairs, uint32_t min_size, int threads);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_ROOT_PROJECTION_H_
