#ifndef CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_RANKING_H_
#define CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_RANKING_H_

#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/products/product_model.h"
#include "services/bundles/products/ranker/candidates.h"
#include "services/bundles/products/ranker/line_features.h"
#include "services/bundles/products/ranker/own_record.h"
#include "services/bundles/products/ranker/ranker_features.h"
#include "services/bundles/products/ranker/tree_masks.h"

namespace clustr::products {

// What a ranker says of one case; see TaskModel. Keeps memory for the next one.
struct Ranking {
  std::vector<ProductNumber> candidates;  // By the task's formula, highest score first.
  FeatureTable features;                  // Of kRankerFeatures, a row for each candidate.
  FeatureTable line_features;             // Of kLineFeatures, if the ranker has a line.
  std::vector<float> sums;                // Of the trees, or of the line, for each candidate.
  std::vector<float> estimates;           // What the sums stand for: the scores.
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
      : features_(model, task), trees_(task.ranker->trees), weights_(task.ranker->line) {
    if (!weights_.empty()) line_.emplace(model);
  }

  // Ranks the products of a case, whose scores by the formula of the task are `scores`. Without a
  // history, a line ranks none. O(products) and what FeatureMaker and TreeMasks take for
  // kRankedProducts rows.
  void Rank(absl::Span<const ProductNumber> basket, const OwnHistory& history,
            absl::Span<const float> scores, Ranking* ranking) const;

 private:
  void SumTrees(Ranking* ranking) const;
  void SumLines(Ranking* ranking) const;

  const FeatureMaker features_;
  const TreeMasks trees_;
  const absl::Span<const float> weights_;  // Of the line; empty: the trees rank.
  std::optional<LineMaker> line_;
};

// The estimate that a sum of trees stands for: 1 / (1 + exp(-sum)).
float EstimateOf(float sum);

// The estimates that the sums of a line stand for: exp(sum), divided by its total over all of them.
void SharesOf(absl::Span<const float> sums, std::vector<float>* shares);

// Turns the scores by the formula into those of the task.
void ApplyRanking(const Ranking& ranking, std::vector<float>* scores);

}  // namespace clustr::products

#endif  // CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_RANKING_H_
