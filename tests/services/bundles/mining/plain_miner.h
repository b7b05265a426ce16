#ifndef CLUSTR_TESTS_SERVICES_BUNDLES_MINING_PLAIN_MINER_H_
#define CLUSTR_TESTS_SERVICES_BUNDLES_MINING_PLAIN_MINER_H_

#include "services/bundles/mining/itemsets.h"

namespace clustr::mining {

// The slow twin of MineItemsets, which shares no code with it. Hands all frequent itemsets of a
// valid query, whose target must be kAll, to `sink`, and stops silently at the limit of itemsets.
void MineItemsetsPlainly(const BasketView& baskets, const ItemsetQuery& query, ItemsetSink sink);

}  // namespace clustr::mining

#endif  // CLUSTR_TESTS_SERVICES_BUNDLES_MINING_PLAIN_MINER_H_
