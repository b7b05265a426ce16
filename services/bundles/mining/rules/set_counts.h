#ifndef CLUSTR_SERVICES_BUNDLES_MINING_RULES_SET_COUNTS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_RULES_SET_COUNTS_H_

#include <cstdint>
#include <vector>

#include "services/bundles/mining/base/basket_view.h"
#include "services/bundles/mining/base/itemset_list.h"
#include "services/bundles/mining/base/search_control.h"
#include "services/bundles/mining/layout/tid_bitmaps.h"

namespace clustr::mining {

// How many baskets of `baskets` hold each of `sets`. Meant for the frequent sets of some of the
// baskets, in the order of the search that found them: then neighbours share all items but the
// commonest, and time is in proportion to the sets and the baskets of those shared items. Up to
// `max_bitmap_bytes` for rows of bits, beside lists as those of a search. If `control` stops, the
// counts mean nothing.
std::vector<int64_t> CountSets(const BasketView& baskets, const ItemsetList& sets,
                               SearchControl& control,
                               size_t max_bitmap_bytes = TidBitmaps::kMaxBytes);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_RULES_SET_COUNTS_H_
