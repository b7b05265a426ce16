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

// Owns the arrays of the root's FrequentPairs.
struct RootPairs {
  std::vector<uint32_t> begins;
  std::vector<uint32_t> codes;
  std::vector<int64_t> counts;
  std::vector<uint64_t> bits;
  size_t words = 0;
};

// The root in horizontal layout with tid-lists; see HorizontalProjection.
struct RootBaskets {
  std::vector<uint32_t> begins;  // Indexed by code, into `tids`; one more than codes.
  LargeArray<uint32_t> tids;
  // Exactly one is set: `narrow` if 16 bits hold every code and the baskets have no weights.
  bool is_narrow = false;
  LargeArray<uint16_t> narrow;
  LargeArray<uint32_t> wide;
  uint32_t basket_count = 0;
};

// The root in vertical layout; see VerticalProjection.
struct RootBitmaps {
  size_t words = 0;  // 64-bit words of each bitmap.
  LargeArray<uint64_t>
      bitmaps;  // Indexed by code. Weighted baskets have their weight planes behind these.
  uint32_t plane_count = 0;
};

// The projection of the empty prefix, where a search begins. Immutable; the threads of a search
// share it.
struct RootProjection {
  FrequentItems frequent;
  bool is_weighted = false;
  std::optional<RootPairs> pairs;
  // Exactly one is set, whichever makes the search cheaper.
  std::optional<RootBaskets> horizontal;
  std::optional<RootBitmaps> vertical;
  int64_t memory_bytes = 0;
};

// The root projection of `baskets` with the extensions `frequent`. Leaves out baskets with fewer
// than `min_size` of these: 2, or 1 if closed or maximal sets are wanted. Makes one pass over the
// baskets and one over the result, shared among `threads`. In horizontal layout, the result takes 6
// to 8 bytes for each frequent item of a basket and 2 to 12 for each basket; in vertical layout, it
// takes at most 8 bytes for each frequent item of a basket, or 16 MiB if that is more. Requires
// FitsSearch(baskets).
RootProjection MakeRootProjection(const BasketView& baskets, FrequentItems frequent,
                                  std::optional<RootPairs> pairs, uint32_t min_size, int threads);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_ROOT_PROJECTION_H_
