#ifndef CLUSTR_TESTS_SERVICES_BUNDLES_PRODUCTS_RANKER_RANDOM_RANKER_H_
#define CLUSTR_TESTS_SERVICES_BUNDLES_PRODUCTS_RANKER_RANDOM_RANKER_H_

#include <cstddef>
#include <cstdint>

#include "services/bundles/products/ranker/line_features.h"
#include "services/bundles/products/ranker/ranker.h"
#include "services/bundles/products/ranker/ranker_features.h"
#include "tests/services/bundles/products/ranker/random_trees.h"

namespace clustr::products {

// A valid ranker for a model of `product_count` products.
inline Ranker RandomRanker(RandomModel* random, size_t product_count) {
  Ranker ranker;
  ranker.trees = RandomTrees(random, kRankerFeatureCount, 6, 4);
  for (size_t i = 0; i < product_count; ++i) {
    const auto last = static_cast<int32_t>(random->Number(0, 100));
    ranker.times.push_back({last + static_cast<int32_t>(random->Number(0, 300)), last});
  }
  ranker.confidence = random->Links(product_count, 0);
  return ranker;
}

// The same with a line instead of trees.
inline Ranker RandomLine(RandomModel* random, size_t product_count) {
  Ranker ranker = RandomRanker(random, product_count);
  ranker.trees = {};
  for (size_t i = 0; i < kLineFeatureCount; ++i) {
    const double weight = random->Number(0, 4) == 0 ? 0 : random->Real(-1, 1);
    ranker.line.push_back(static_cast<float>(weight));
  }
  return ranker;
}

}  // namespace clustr::products

#endif  // CLUSTR_TESTS_SERVICES_BUNDLES_PRODUCTS_RANKER_RANDOM_RANKER_H_
