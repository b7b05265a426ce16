#ifndef CLUSTR_SERVICES_BUNDLES_INDEX_PROJECTION_H_
#define CLUSTR_SERVICES_BUNDLES_INDEX_PROJECTION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/mining/itemsets.h"

namespace clustr::index {

struct ProjectionQuery {
  // Items in fewer baskets of the selection are left out.
  int64_t min_count = 1;
  // By Item, nonzero for those that are wanted; items beyond its end are not. Empty: all.
  absl::Span<const uint8_t> allowed;
  // Baskets left with fewer items are left out; 2 is enough to find sets of two and more.
  size_t min_basket_size = 1;
};

// The baskets of a selection, cut down to the items of interest, ready for mining. Owns its memory.
struct Projection {
  std::vector<uint32_t> counts;  // By Item, of every item, over the whole selection.
  std::unique_ptr<Item[]> items;
  std::unique_ptr<uint64_t[]> offsets;
  size_t basket_count = 0;  // Of those that are left, not of the selection.

  mining::BasketView view() const {
    return {{items.get(), static_cast<size_t>(offsets[basket_count])},
            {offsets.get(), basket_count + 1}};
  }
};

// O(lines of the selection); takes 4 bytes a line that is kept.
Projection Project(const Snapshot& snapshot, const Selection& selection,
                   const ProjectionQuery& query);

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_PROJECTION_H_
