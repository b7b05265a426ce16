#ifndef CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_TREE_SHARES_H_
#define CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_TREE_SHARES_H_

#include <vector>

#include "absl/types/span.h"
#include "services/bundles/products/ranker/boosted_trees.h"

namespace clustr::products {

// What each feature of `row` adds to the sum of the trees, by tree SHAP: its Shapley value in the
// game whose value for a set of features is the mean of the leaves that the row can come to if only
// these features are known, where an unknown one leads to both children in proportion to their
// cover. One number per feature of the row, and last the sum without any feature, in double
// precision; together they are the sum of the trees. Requires valid trees. A node without cover
// counts as if it led to its left child. O(leaves * depth^2).
std::vector<double> TreeShares(const BoostedTrees& trees, absl::Span<const float> row);

}  // namespace clustr::products

#endif  // CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_TREE_SHARES_H_
