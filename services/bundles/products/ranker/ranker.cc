#include "services/bundles/products/ranker/ranker.h"

#include <algorithm>

#include "services/bundles/products/ranker/ranker_features.h"

namespace clustr::products {

bool ValidRanker(const Ranker& ranker, size_t product_count) {
  return ranker.times.size() == product_count &&
         std::all_of(ranker.times.begin(), ranker.times.end(),
                     [](const ProductTimes& times) {
                       return times.first_days >= 0 && times.last_days >= 0;
                     }) &&
         ValidTrees(ranker.trees, kRankerFeatureCount);
}

}  // namespace clustr::products
