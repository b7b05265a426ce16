#include "services/bundles/mining/layout/projected_baskets.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace clustr::mining {

ProjectedBaskets ProjectBaskets(const BasketView& baskets, absl::Span<const Item> prefix,
                                absl::Span<const Item> removed) {
  ProjectedBaskets projected;
  for (size_t i = 0; i < baskets.size(); ++i) {
    const absl::Span<const Item> basket = baskets[i];
    if (!std::includes(basket.begin(), basket.end(), prefix.begin(), prefix.end())) continue;
    std::set_difference(basket.begin(), basket.end(), removed.begin(), removed.end(),
                        std::back_inserter(projected.items));
    projected.offsets.push_back(projected.items.size());
    if (!baskets.weights.empty()) projected.weights.push_back(baskets.weight(i));
    projected.count += baskets.weight(i);
  }
  return projected;
}

}  // namespace clustr::mining
