#ifndef CLUSTR_SERVICES_BUNDLES_PRODUCTS_COLD_PRODUCTS_H_
#define CLUSTR_SERVICES_BUNDLES_PRODUCTS_COLD_PRODUCTS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/products/served_model.h"

// Products that exist but were sold in too few baskets for a model to know what goes with them.
// What they are says something about them: their category, brand, name and price.
namespace clustr::products {

// A product in fewer baskets is cold if the model has no links from it.
inline constexpr int64_t kFewBaskets = 5;
// At most so many products are compared with all others.
inline constexpr size_t kMaxCompared = 8;
// So many products stand in for a cold one, if they are at least so much like it.
inline constexpr size_t kStandIns = 5;
inline constexpr double kMinLikeness = 0.3;

// The first kMaxCompared items of `basket` that catalog knows and that are cold for `task`.
std::vector<Item> ColdItems(const TaskModel& task, const ModelBinding& binding,
                            const index::Snapshot& snapshot, absl::Span<const Item> basket);

// For each of `cold`, the kStandIns products most like it (Likeness; ties: the lower number) of
// those that catalog knows and that have links in `task`, if they are at least kMinLikeness like
// it. Ascending and distinct. O(products), about 0.5 us each.
std::vector<ProductNumber> StandInsFor(const TaskModel& task, const ModelBinding& binding,
                                       const index::Snapshot& snapshot,
                                       absl::Span<const Item> cold);

// For each of `items`, the largest Likeness to one of the first kMaxCompared of `evidence` that
// catalog knows; 0 if there is none, or if catalog does not know the item.
std::vector<double> LikenessToAny(const index::Snapshot& snapshot, absl::Span<const Item> items,
                                  absl::Span<const Item> evidence);

}  // namespace clustr::products

#endif  // CLUSTR_SERVICES_BUNDLES_PRODUCTS_COLD_PRODUCTS_H_
