#ifndef CLUSTR_TESTS_SERVICES_BUNDLES_PRODUCTS_RANKER_RANDOM_TREES_H_
#define CLUSTR_TESTS_SERVICES_BUNDLES_PRODUCTS_RANKER_RANDOM_TREES_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "services/bundles/products/ranker/boosted_trees.h"
#include "tests/services/bundles/products/random_model.h"

namespace clustr::products {

// A number of a few values, so that rows meet thresholds exactly; sometimes missing.
inline float RandomFeature(RandomModel* random) {
  if (random->Number(0, 5) == 0) return std::numeric_limits<float>::quiet_NaN();
  return static_cast<float>(random->Number(-3, 3)) / 2;
}

// Up to `max_trees` valid trees of up to `max_depth` comparisons over `feature_count` features.
inline BoostedTrees RandomTrees(RandomModel* random, size_t feature_count, int64_t max_trees,
                                int64_t max_depth) {
  BoostedTrees trees;
  trees.base = random->Real(-3, 3);
  for (int64_t t = random->Number(0, max_trees); t > 0; --t) {
    const auto root = static_cast<uint32_t>(trees.nodes.size());
    trees.roots.push_back(root);
    std::vector<int64_t> depths = {0};
    for (size_t i = 0; i < depths.size(); ++i) {
      TreeNode& node = trees.nodes.emplace_back();
      node.value = static_cast<float>(random->Number(-3, 3)) / 2;
      node.cover = static_cast<float>(random->Number(1, 20));
      if (depths[i] == max_depth || random->Number(0, 3) == 0) continue;
      node.feature = static_cast<uint16_t>(
          random->Number(0, static_cast<int64_t>(feature_count) - 1));
      node.missing_goes_left = random->Number(0, 1) == 1;
      node.left = root + static_cast<uint32_t>(depths.size());
      depths.push_back(depths[i] + 1);
      depths.push_back(depths[i] + 1);
    }
  }
  return trees;
}

}  // namespace clustr::products

#endif  // CLUSTR_TESTS_SERVICES_BUNDLES_PRODUCTS_RANKER_RANDOM_TREES_H_
