#ifndef CLUSTR_SERVICES_BUNDLES_MINING_BASE_ITEMSET_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_BASE_ITEMSET_H_

#include <vector>

#include "absl/types/span.h"
#include "services/bundles/mining/base/basket_view.h"

namespace clustr::mining {

// The items as an itemset: ascending and distinct.
std::vector<Item> MakeItemset(std::vector<Item> items);

// The union of two itemsets.
std::vector<Item> Union(absl::Span<const Item> a, absl::Span<const Item> b);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_BASE_ITEMSET_H_
