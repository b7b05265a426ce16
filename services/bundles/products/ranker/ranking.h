#ifndef CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_RANKING_H_
#define CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_RANKING_H_

#include <vector>

#include "absl/types/span.h"
#include "services/bundles/products/product_model.h"
#include "services/bundles/products/ranker/candidates.h"
#include "services/bundles/products/ranker/own_record.h"
#include "services/bundles/products/ranker/ranker_features.h"
#include "services/bundles/products/ranker/tree_masks.h"

namespace clustr::products {

// What a ranker says of one case; see TaskModel. Keeps memory for the next one.
struct Ranking {
  std::vector<ProductNumber> candidates;  // By the task's formula, highest score first.
  FeatureTable features;                  // Of kRankerFeatures, a row for each candidate.
  std::vector<float> sums;                // Of the trees, for each candidate.
  float rest_factor = 1;                  // By which the other scores above 0 are multiplied.
  float rest_bound = 0;  // The scores of the others outside the basket are then at most this.
  CandidateChooser chooser;
  FeatureMaker::Scratch feature_scratch;
  TreeMasks::Scratch tree_scratch;
};

// Ranks the best products of one task. Immutable and thread-safe; borrows what it is made from.
class TaskRanker {
 public:
  // `task` must have a ranker and be one of `model`. O(products + nodes).
  TaskRanker(const ProductModel& model, const TaskModel& task)
      : features_(model, task), trees_(task.ranker->trees) {}

  // Ranks the products of a case, whose scores by the formula of the task are `scores`. O(products)
  // and what FeatureMaker and TreeMasks take for kRankedProducts rows.
  void Rank(absl::Span<const ProductNumber> basket, const OwnHistory& history,
            absl::Span<const float> scores, Ranking* ranking) const;

 private:
  const FeatureMaker features_;
  const TreeMasks trees_;
};

// The estimate that a sum of trees stands for: 1 / (1 + exp(-sum)).
float EstimateOf(float sum);

// Turns the scores by the formula into those of the task.
void ApplyRanking(const Ranking& ranking, std::vector<float>* scores);

}  // namespace clustr::products

#endif  // CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_RANKING_H_
