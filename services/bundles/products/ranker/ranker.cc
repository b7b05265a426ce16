#include "services/bundles/products/ranker/ranker.h"

#include <algorithm>
#include <cmath>

#include "services/bundles/products/ranker/line_features.h"
#include "services/bundles/products/ranker/ranker_features.h"

namespace clustr::products {

namespace {

// False for NaN, too.
bool IsWeight(float weight) { return std::fabs(weight) <= kMaxLineWeight; }

bool ValidLine(const Ranker& ranker) {
  return ranker.line.empty() ||
         (ranker.line.size() == kLineFeatureCount && ranker.trees.roots.empty() &&
          std::all_of(ranker.line.begin(), ranker.line.end(), IsWeight));
}

}  // namespace

bool ValidRanker(const Ranker& ranker, size_t product_count) {
  return ranker.times.size() == product_count &&
         std::all_of(ranker.times.begin(), ranker.times.end(),
                     [](const ProductTimes& times) {
                       return times.first_days >= 0 && times.last_days >= 0;
                     }) &&
         ValidTrees(ranker.trees, kRankerFeatureCount) && ValidLine(ranker);
}

}  // namespace clustr::products
