#ifndef CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_ITEMSET_SEARCH_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_ITEMSET_SEARCH_H_

#include <vector>

#include "absl/status/status.h"
#include "services/bundles/mining/base/itemset_stream.h"
#include "services/bundles/mining/search/search.h"

namespace clustr::mining {

// A options from end to end: baskets to frequent items, options, stream.
struct ItemsetSearchOptions {
  const BasketView& baskets;
  Target target = Target::kAll;
  // Only sets with all of these, ascending and distinct.
  absl::Span<const Item> required = {};
  int threads = 1;
  const MiningLimits& limits;
  InstructionSet instructions = SupportedInstructionSets().back();
};

// Puts the itemsets of min_count() or more to `stream`, in an order that depends on the multiset
// of baskets alone, until the stream has enough. A stream that raises its
// min_count count should be filled by one thread. The status of a passed limit, or OK.
absl::Status RunItemsetSearch(const ItemsetSearchOptions& options, ItemsetStream& stream);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_ITEMSET_SEARCH_H_
