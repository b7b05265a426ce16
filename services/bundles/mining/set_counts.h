#ifndef CLUSTR_SERVICES_BUNDLES_MINING_SET_COUNTS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_SET_COUNTS_H_

#include "services/bundles/mining/itemset_table.h"
#include "services/bundles/mining/itemsets.h"

namespace clustr::mining {

// Sets the count of every set of `sets` to the number of baskets of `baskets` that hold it,
// frequent or not. One pass over the baskets, then time in proportion to the sets and the baskets
// of their rarest items.
void CountSets(const BasketView& baskets, ItemsetTable& sets);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_SET_COUNTS_H_
