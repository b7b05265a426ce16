#ifndef CLUSTR_SERVICES_BUNDLES_MINING_RULES_SET_COUNTS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_RULES_SET_COUNTS_H_

#include <cstdint>
#include <vector>

#include "services/bundles/mining/base/basket_view.h"
#include "services/bundles/mining/base/itemset_list.h"
#include "services/bundles/mining/base/search_control.h"
#include "services/bundles/mining/layout/tid_bitmaps.h"

namespace clustr::mining {

// The count in `baskets` of each of `sets`. Meant for the frequent sets of a part of the baskets,
// in the order in which a search finds them: neighbours then share all items but the most frequent
// one, and time is proportional to the number of sets and of baskets that contain the shared items.
// Takes tid-lists and up to `max_bitmap_bytes` of tid-bitmaps. If `control` stops, the result is
// meaningless.
std::vector<int64_t> CountSets(const BasketView& baskets, const ItemsetList& sets,
                               SearchControl& control,
                               size_t max_bitmap_bytes = TidBitmaps::kMaxBytes);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_RULES_SET_COUNTS_H_
