#ifndef CLUSTR_SERVICES_BUNDLES_INDEX_QUERIES_H_
#define CLUSTR_SERVICES_BUNDLES_INDEX_QUERIES_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"

namespace clustr::index {

// Calls `visit` for every basket of `selection` that holds all of `items`, or for every basket if
// there are none, ascending by slot. O(posting list of the rarest item).
void ForEachBasket(const Snapshot& snapshot, const Selection& selection,
                   absl::Span<const Item> items, absl::FunctionRef<void(Slot)> visit);

// The support count of `items` in `selection`: the number of its baskets that hold all of them.
int64_t Count(const Snapshot& snapshot, const Selection& selection, absl::Span<const Item> items);

// The number of baskets of `selection` that hold each Item. One pass over the lines of the
// selection or over those of the rest of the shop, whichever has fewer baskets.
std::vector<uint32_t> CountItems(const Snapshot& snapshot, const Selection& selection);

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_QUERIES_H_
