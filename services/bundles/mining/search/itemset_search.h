#ifndef CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_ITEMSET_SEARCH_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_ITEMSET_SEARCH_H_

#include <vector>

#include "absl/status/status.h"
#include "services/bundles/mining/base/itemset_stream.h"
#include "services/bundles/mining/search/search.h"

namespace clustr::mining {

// A complete search, from baskets to itemsets.
struct ItemsetSearchOptions {
  const BasketView& baskets;
  Target target = Target::kAll;
  // If not empty, only sets that contain all of these are wanted. Ascending and distinct.
  absl::Span<const Item> required = {};
  int threads = 1;
  const MiningLimits& limits;
  InstructionSet instructions = SupportedInstructionSets().back();
};

// Puts the itemsets whose count is at least stream.min_count() to `stream` until it ends the
// search, in an order that depends only on the multiset of baskets. A stream that raises its
// min_count should be used with one thread. Returns OK, or the status of the limit that ended the
// search.
absl::Status RunItemsetSearch(const ItemsetSearchOptions& options, ItemsetStream& stream);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_ITEMSET_SEARCH_H_
