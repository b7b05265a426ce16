#ifndef CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_RANKER_H_
#define CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_RANKER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/bundles/products/product_links.h"
#include "services/bundles/products/ranker/boosted_trees.h"

namespace clustr::products {

// So many products with the highest scores of a task are ranked by its trees.
inline constexpr size_t kRankedProducts = 150;

// When a product was sold, as of the model's reference day.
struct ProductTimes {
  int32_t first_days = 0;  // Since its first basket; at least 0.
  int32_t last_days = 0;   // Since its last basket.

  bool operator==(const ProductTimes&) const = default;
};

// Trees or a line that order the best products of a task anew. Plain data; ValidRanker says what
// holds.
struct Ranker {
  BoostedTrees trees;               // Of kRankerFeatures columns.
  std::vector<float> line;          // The weights of kLineFeatures; empty: the trees rank.
  std::vector<ProductTimes> times;  // One per product.
  ProductLinks confidence;          // To b: the share of the baskets with a that also hold b.

  bool operator==(const Ranker&) const = default;
};

// No weight of a line is larger, so that sums stay finite.
inline constexpr float kMaxLineWeight = 1e6;

// True if there is one of `times` per product, and the trees are valid for the features, or there
// are none, and the line has one weight per feature. Does not look at the links.
bool ValidRanker(const Ranker& ranker, size_t product_count);

}  // namespace clustr::products

#endif  // CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_RANKER_H_
