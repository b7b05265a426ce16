#ifndef CLUSTR_SERVICES_BUNDLES_INDEX_QUERIES_H_
#define CLUSTR_SERVICES_BUNDLES_INDEX_QUERIES_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"

namespace clustr::index {

// Calls `visit` for every basket of `selection` that holds all of `items` (none: every basket), by
// ascending slot. Costs the postings of the rarest item.
void ForEachBasket(const Snapshot& snapshot, const Selection& selection,
                   absl::Span<const Item> items, absl::FunctionRef<void(Slot)> visit);

// How many these are.
int64_t Count(const Snapshot& snapshot, const Selection& selection, absl::Span<const Item> items);

// Baskets of `selection` that hold each item, by Item. One pass over the lines of the selection or
// of the rest of the shop, whichever is smaller.
std::vector<uint32_t> CountItems(const Snapshot& snapshot, const Selection& selection);

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_QUERIES_H_
