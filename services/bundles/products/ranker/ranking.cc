#include "services/bundles/products/ranker/ranking.h"

#include <algorithm>
#include <cmath>

namespace clustr::products {

float EstimateOf(float sum) { return static_cast<float>(1 / (1 + std::exp(-double{sum}))); }

void TaskRanker::Rank(absl::Span<const ProductNumber> basket, const OwnHistory& history,
                      absl::Span<const float> scores, Ranking* ranking) const {
  ranking->chooser.Choose(scores, basket, kRankedProducts, &ranking->candidates);
  features_.Make({basket, history, scores, ranking->candidates}, &ranking->feature_scratch,
                 &ranking->features);
  trees_.Sum(ranking->features, &ranking->tree_scratch, &ranking->sums);
  ranking->rest_factor = 1;
  ranking->rest_bound = 0;
  if (ranking->candidates.empty()) return;
  const float lowest = *std::min_element(ranking->sums.begin(), ranking->sums.end());
  const float last = scores[ranking->candidates.back()];
  ranking->rest_factor = EstimateOf(lowest) / last;
  ranking->rest_bound = last * ranking->rest_factor;
}

void ApplyRanking(const Ranking& ranking, std::vector<float>* scores) {
  const float factors[] = {1, ranking.rest_factor};  // A look-up, since a branch mispredicts.
  for (float& score : *scores) score *= factors[score > 0];
  for (size_t i = 0; i < ranking.candidates.size(); ++i) {
    (*scores)[ranking.candidates[i]] = EstimateOf(ranking.sums[i]);
  }
}

}  // namespace clustr::products
