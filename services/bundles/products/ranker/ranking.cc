#include "services/bundles/products/ranker/ranking.h"

#include <algorithm>
#include <cmath>

#include "services/bundles/products/ranker/ranker_features.h"

namespace clustr::products {

void ChooseCandidates(absl::Span<const float> scores, absl::Span<const ProductNumber> basket,
                      std::vector<ProductNumber>* candidates) {
  candidates->clear();
  for (ProductNumber product = 0; product < scores.size(); ++product) {
    if (scores[product] > 0) candidates->push_back(product);
  }
  if (!basket.empty()) {
    std::erase_if(*candidates, [&](ProductNumber product) {
      return std::binary_search(basket.begin(), basket.end(), product);
    });
  }
  const auto comes_first = [&](ProductNumber a, ProductNumber b) {
    return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
  };
  if (candidates->size() > kRankedProducts) {
    const auto end = candidates->begin() + kRankedProducts;
    std::nth_element(candidates->begin(), end, candidates->end(), comes_first);
    candidates->erase(end, candidates->end());
  }
  std::sort(candidates->begin(), candidates->end(), comes_first);
}

float EstimateOf(float sum) { return static_cast<float>(1 / (1 + std::exp(-double{sum}))); }

void Rank(const ProductModel& model, const TaskModel& task, absl::Span<const ProductNumber> basket,
          const OwnHistory& history, absl::Span<const float> scores, Ranking* ranking) {
  ChooseCandidates(scores, basket, &ranking->candidates);
  RankerFeatures(model, task, {basket, history, scores, ranking->candidates}, &ranking->features);
  SumTrees(task.ranker->trees, ranking->features, kRankerFeatureCount, &ranking->sums);
  ranking->rest_factor = 1;
  if (ranking->candidates.empty()) return;
  const float lowest = *std::min_element(ranking->sums.begin(), ranking->sums.end());
  ranking->rest_factor = EstimateOf(lowest) / scores[ranking->candidates.back()];
}

void ApplyRanking(const Ranking& ranking, std::vector<float>* scores) {
  for (float& score : *scores) {
    if (score > 0) score *= ranking.rest_factor;
  }
  for (size_t i = 0; i < ranking.candidates.size(); ++i) {
    (*scores)[ranking.candidates[i]] = EstimateOf(ranking.sums[i]);
  }
}

}  // namespace clustr::products
