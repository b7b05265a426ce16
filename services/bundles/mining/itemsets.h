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
  int64_t min_count = 1;  // Minimum count of an itemset; at least 1.
  int min_size = 1;       // Minimum number of items in a reported set; at least 1.
  int max_size = 4;       // Maximum number of items in a reported set; at least min_size.
  int64_t max_itemsets = INT64_MAX;  // Reporting more sets is refused with RESOURCE_EXHAUSTED.
  // Sets are closed or maximal among all frequent itemsets, not only among those of the reported
  // sizes.
  Target target = Target::kAll;
  std::vector<Item> required = {};  // Only sets that contain all of these are wanted. In any order.
  int threads = 1;  // Threads that the search may use, including the caller's; at least 1.
  MiningLimits limits = {};
};

// Hands each itemset of `baskets` that satisfies `query` to `sink` exactly once, one call at a
// time. Their order depends only on the multiset of baskets, not on the order of the baskets, the
// machine or the number of threads. Reentrant: there is no shared state.
//
// INVALID_ARGUMENT if a value of the query is out of range or if not FitsSearch(baskets).
// RESOURCE_EXHAUSTED if more than max_itemsets are found; the sink has then received max_itemsets
// of them, and the message names the lowest min_count that fits. RESOURCE_EXHAUSTED also at a limit
// of memory, naming a min_count that was tried and fits, or of time. CANCELLED if the caller
// cancelled the search.
//
// Memory: 2 to 12 bytes for each basket, 6 to 8 for each frequent item of a basket, 8 for each
// number up to the highest item, and for each thread the projections of one branch of the search;
// while pairs are counted, also up to 4 MiB for each thread. Time is proportional to the result and
// to the number of pairs in the baskets, which is at most the sum of their squared sizes.
absl::Status MineItemsets(const BasketView& baskets, const ItemsetQuery& query, ItemsetSink sink);

// The `k` itemsets of highest count among those that satisfy `query`, best first; ties go to the
// smaller set, then to the lexicographically smaller one. The search skips sets that cannot be
// among them. Ignores max_itemsets and threads. Errors as MineItemsets.
absl::StatusOr<ItemsetList> MineTopItemsets(const BasketView& baskets, const ItemsetQuery& query,
                                            size_t k);

// The lowest min_count, at least query.min_count, with which `query` finds at most max_itemsets;
// for maximal itemsets a sufficient one, which may be higher. Unset if the query is invalid or a
// limit is reached. Costs about as much as finding those itemsets.
std::optional<int64_t> MinFittingCount(const BasketView& baskets, const ItemsetQuery& query);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_ITEMSETS_H_
