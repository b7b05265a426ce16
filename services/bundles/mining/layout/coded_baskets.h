#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_CODED_BASKETS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_CODED_BASKETS_H_

#include <cstdint>
#include <memory>

#include "services/bundles/mining/layout/tid_lists.h"

namespace clustr::mining {

// The baskets in horizontal layout: the codes of each basket, ascending. Those of basket `tid`
// begin at basket_begins[tid] of the TidLists that they were made from. Immutable.
struct CodedBaskets {
  // Exactly one is set: `narrow` if 16 bits hold every code and the baskets have no weights.
  std::unique_ptr<uint16_t[]> narrow;
  std::unique_ptr<uint32_t[]> wide;
};

// Inverts `tid_lists`, which were made from `baskets`. O(frequent items in all baskets), shared
// among `threads`.
CodedBaskets MakeCodedBaskets(const BasketView& baskets, const TidLists& tid_lists, int threads);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_CODED_BASKETS_H_
