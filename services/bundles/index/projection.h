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
  // Keeps item i only if i < allowed.size() and allowed[i] != 0. Empty keeps all items.
  absl::Span<const uint8_t> allowed;
  // Baskets that keep fewer items are left out. 2 suffices to find itemsets of two or more.
  size_t min_basket_size = 1;
};

// The horizontal projection of a population onto the items of interest: each of its baskets, in
// slot order, with only the items that are kept, in the contiguous layout that the mining kernel
// takes. Independent of the snapshot and owns its memory, so a view of it is valid as long as it
// lives. N, the number of baskets of the population, is Selection::basket_count and not the one
// here.
struct Projection {
  std::vector<uint32_t> counts;  // For every Item, its number of baskets in the whole selection.
  std::unique_ptr<Item[]> items;
  std::unique_ptr<uint64_t[]> offsets;
  size_t basket_count = 0;  // Number of baskets that are kept.

  // The kept baskets as the kernel takes them. Borrows this object.
  mining::BasketView view() const {
    return {{items.get(), static_cast<size_t>(offsets[basket_count])},
            {offsets.get(), basket_count + 1}};
  }
};

// Projects `selection`, which must be one of `snapshot`. O(lines of the selection). Takes 4 bytes
// per kept line and 8 per basket of the selection.
Projection Project(const Snapshot& snapshot, const Selection& selection,
                   const ProjectionQuery& query);

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_PROJECTION_H_
