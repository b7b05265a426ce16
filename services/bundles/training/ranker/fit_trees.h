#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_RANKER_FIT_TREES_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_RANKER_FIT_TREES_H_

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "services/bundles/products/ranker/boosted_trees.h"
#include "services/bundles/training/data/progress.h"

namespace clustr::training {

// What trees are fitted to: rows of features (NaN: missing), each with a label and a weight.
struct TreeRows {
  size_t feature_count = 0;
  std::vector<float> features;  // feature_count for each row.
  std::vector<float> labels;    // 1 or 0.
  std::vector<float> weights;   // Above 0.
};

struct TreeOptions {
  int trees = 60;
  int depth = 4;  // At most kMaxTreeDepth.
  double rate = 0.15;
  double min_cover = 10;  // Of a leaf: the sum of weight * p * (1 - p) for the estimates p.
};

// Fits the log-odds of the label by gradient boosting (XGBoost, histograms), from odds of 1 on: the
// first trees then see rows of equal weight, which orders products better than to start from the
// share of the labels (measured on two periods of Online Retail). One thread: the same
// rows give the same trees. INTERNAL if the library fails, or if the trees that it gives back do
// not sum to what it predicts itself. Otherwise errors are those of `wanted`, which is asked before
// each tree. Without a row of either label, the trees are empty.
absl::StatusOr<products::BoostedTrees> FitTrees(const TreeRows& rows, const TreeOptions& options,
                                                const Wanted& wanted);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_RANKER_FIT_TREES_H_
