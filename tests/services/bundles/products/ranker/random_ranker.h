#ifndef CLUSTR_TESTS_SERVICES_BUNDLES_PRODUCTS_RANKER_RANDOM_RANKER_H_
#define CLUSTR_TESTS_SERVICES_BUNDLES_PRODUCTS_RANKER_RANDOM_RANKER_H_

#include <cstddef>
#include <cstdint>

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

}  // namespace clustr::products

#endif  // CLUSTR_TESTS_SERVICES_BUNDLES_PRODUCTS_RANKER_RANDOM_RANKER_H_
