#ifndef CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_RANKING_H_
#define CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_RANKING_H_

#include <vector>

#include "absl/types/span.h"
#include "services/bundles/products/product_model.h"
#include "services/bundles/products/ranker/own_record.h"

namespace clustr::products {

// What a ranker says of one case; see TaskModel.
struct Ranking {
  std::vector<ProductNumber> candidates;  // By the task's formula, highest score first.
  std::vector<float> features;            // kRankerFeatureCount for each candidate.
  std::vector<float> sums;                // Of the trees, for each candidate.
  float rest_factor = 1;                  // By which the other scores above 0 are multiplied.
};

// Sets `candidates` to the kRankedProducts products with the highest scores above 0 without those
// of `basket`, which ascends; ties: the lower number first. O(products).
void ChooseCandidates(absl::Span<const float> scores, absl::Span<const ProductNumber> basket,
                      std::vector<ProductNumber>* candidates);

// Ranks the products of a case, whose scores by the formula of `task` are `scores`. Requires a
// ranker.
void Rank(const ProductModel& model, const TaskModel& task, absl::Span<const ProductNumber> basket,
          const OwnHistory& history, absl::Span<const float> scores, Ranking* ranking);

// The estimate that a sum of trees stands for: 1 / (1 + exp(-sum)).
float EstimateOf(float sum);

// Turns the scores by the formula into those of the task.
void ApplyRanking(const Ranking& ranking, std::vector<float>* scores);

}  // namespace clustr::products

#endif  // CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_RANKING_H_
