#include "services/bundles/products/ranker/ranking.h"

#include <algorithm>
#include <cmath>

namespace clustr::products {

float EstimateOf(float sum) { return static_cast<float>(1 / (1 + std::exp(-double{sum}))); }

void SharesOf(absl::Span<const float> sums, std::vector<float>* shares) {
  const double highest = sums.empty() ? 0 : *std::max_element(sums.begin(), sums.end());
  double all = 0;
  for (const float sum : sums) all += std::exp(sum - highest);
  shares->clear();
  for (const float sum : sums) {
    shares->push_back(static_cast<float>(std::exp(sum - highest) / all));
  }
}

void TaskRanker::Rank(absl::Span<const ProductNumber> basket, const OwnHistory& history,
                      absl::Span<const float> scores, Ranking* ranking) const {
  ranking->rest_factor = 1;
  ranking->rest_bound = 0;
  ranking->candidates.clear();
  if (line_ && history.records.empty()) return;
  ranking->chooser.Choose(scores, basket, kRankedProducts, &ranking->candidates);
  if (ranking->candidates.empty()) return;
  features_.Make({basket, history, scores, ranking->candidates}, &ranking->feature_scratch,
                 &ranking->features);
  if (line_) {
    SumLines(ranking);
  } else {
    SumTrees(ranking);
  }
  const float lowest = *std::min_element(ranking->estimates.begin(), ranking->estimates.end());
  const float last = scores[ranking->candidates.back()];
  ranking->rest_factor = lowest / last;
  ranking->rest_bound = last * ranking->rest_factor;
}

void TaskRanker::SumTrees(Ranking* ranking) const {
  trees_.Sum(ranking->features, &ranking->tree_scratch, &ranking->sums);
  ranking->estimates.clear();
  for (const float sum : ranking->sums) ranking->estimates.push_back(EstimateOf(sum));
}

void TaskRanker::SumLines(Ranking* ranking) const {
  line_->Make(ranking->candidates, ranking->features, &ranking->line_features);
  SumLine(weights_, ranking->line_features, &ranking->sums);
  SharesOf(ranking->sums, &ranking->estimates);
}

void ApplyRanking(const Ranking& ranking, std::vector<float>* scores) {
  const float factors[] = {1, ranking.rest_factor};  // A look-up, since a branch mispredicts.
  for (float& score : *scores) score *= factors[score > 0];
  for (size_t i = 0; i < ranking.candidates.size(); ++i) {
    (*scores)[ranking.candidates[i]] = ranking.estimates[i];
  }
}

}  // namespace clustr::products
