#ifndef CLUSTR_SERVICES_BUNDLES_MINING_ITEMSETS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_ITEMSETS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "services/bundles/mining/basket_view.h"
#include "services/bundles/mining/itemset_stream.h"
#include "services/bundles/mining/search_query.h"

namespace clustr::mining {

// Which itemsets are wanted.
struct ItemsetQuery {
  int64_t min_count = 1;             // Baskets that hold the whole set; at least 1.
  int min_size = 1;                  // Items of a set that is reported; at least 1.
  int max_size = 4;                  // At most this many items; at least min_size.
  int64_t max_itemsets = INT64_MAX;  // More than this many reported sets: RESOURCE_EXHAUSTED.
  // Closed and maximal are so among all frequent itemsets, whatever the sizes that are reported.
  Target target = Target::kAll;
};

// Hands every itemset of `baskets` that satisfies `query` to `sink`, each exactly once, in an order
// that depends on the baskets as a multiset alone: on neither their order nor the machine.
// INVALID_ARGUMENT for a query out of range or 2^32 and more items in all baskets together;
// RESOURCE_EXHAUSTED once more than max_itemsets were found (the sink has then seen max_itemsets of
// them). Reentrant: no shared state. Itemsets are not kept: memory is of the order of the input,
// time that of the answer.
absl::Status MineItemsets(const BasketView& baskets, const ItemsetQuery& query, ItemsetSink sink);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_ITEMSETS_H_
