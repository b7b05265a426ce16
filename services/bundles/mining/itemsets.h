#ifndef CLUSTR_SERVICES_BUNDLES_MINING_ITEMSETS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_ITEMSETS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/bundles/mining/base/basket_view.h"
#include "services/bundles/mining/base/itemset_list.h"
#include "services/bundles/mining/base/itemset_stream.h"
#include "services/bundles/mining/base/search_control.h"
#include "services/bundles/mining/base/search_query.h"

namespace clustr::mining {

// Which itemsets are wanted.
struct ItemsetQuery {
  int64_t min_count = 1;             // Baskets that hold the whole set; at least 1.
  int min_size = 1;                  // Items of a set that is reported; at least 1.
  int max_size = 4;                  // At most this many items; at least min_size.
  int64_t max_itemsets = INT64_MAX;  // More than this many reported sets: RESOURCE_EXHAUSTED.
  // Closed and maximal are so among all frequent itemsets, whatever the sizes that are reported.
  Target target = Target::kAll;
  std::vector<Item> required = {};  // Only sets with all of these; in any order.
  int threads = 1;                  // That the search may use, the caller's among them; at least 1.
  MiningLimits limits = {};
};

// Hands every itemset of `baskets` that satisfies `query` to `sink`, each exactly once, in an order
// that depends on the baskets as a multiset alone: on neither their order, nor the machine, nor the
// number of threads; one call at a time. Reentrant: no shared state.
//
// INVALID_ARGUMENT for a query out of range, or if not FitsSearch(baskets).
// RESOURCE_EXHAUSTED once more than max_itemsets were found (the sink has then seen max_itemsets of
// them), with the least count that would have fitted in its message; also past a limit of memory,
// with a least count that was tried and fits, or of time. CANCELLED if asked to stop.
//
// Memory: 2 to 12 bytes a basket, 6 to 8 for each frequent item of a basket, 8 for each number up
// to the highest item, and for each thread the projections of one branch of the search; where pairs
// are counted first, up to 4 MiB a thread meanwhile. Time is that of the answer and of the pairs in
// the baskets, which is at most the sum of their squared sizes.
absl::Status MineItemsets(const BasketView& baskets, const ItemsetQuery& query, ItemsetSink sink);

// The `k` itemsets of highest count among those that satisfy `query`, best first; ties go to the
// smaller set, then to the one that comes first item by item. The search leaves out what cannot be
// among them. max_itemsets and threads are not looked at. Errors as MineItemsets.
absl::StatusOr<ItemsetList> MineTopItemsets(const BasketView& baskets, const ItemsetQuery& query,
                                            size_t k);

// The least count, at least query.min_count, with which `query` finds at most max_itemsets; for
// maximal itemsets one that is enough. None if the query is out of range or a limit is passed.
// About as expensive as finding those itemsets.
std::optional<int64_t> MinFittingCount(const BasketView& baskets, const ItemsetQuery& query);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_ITEMSETS_H_
