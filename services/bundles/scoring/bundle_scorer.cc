#include "services/bundles/scoring/bundle_scorer.h"

#include <algorithm>

#include "services/bundles/index/queries.h"
#include "services/bundles/mining/measures/measures.h"

namespace clustr::scoring {

int64_t BundleScorer::Count(Item item) {
  const auto [it, is_new] = single_counts_.try_emplace(item);
  if (is_new) it->second = index::Count(snapshot_, selection_, {item});
  return it->second;
}

int64_t BundleScorer::Count(Item a, Item b) {
  const auto [it, is_new] = pair_counts_.try_emplace(std::minmax(a, b));
  if (is_new) it->second = index::Count(snapshot_, selection_, {a, b});
  return it->second;
}

PairMeasures BundleScorer::Measure(Item a, Item b) {
  return MeasurePair({.count_a = Count(a),
                      .count_b = Count(b),
                      .count_ab = Count(a, b),
                      .basket_count = selection_.basket_count});
}

ScoredBundle BundleScorer::Score(absl::Span<const Item> items) {
  const double score = ScoreOf(items, [&](Item a, Item b) {
    if (const auto strength = reference_.strengths.Find(a, b)) return *strength;
    return PairStrength(Measure(a, b), reference_.maxima);
  });
  std::vector<int64_t> singles;
  for (Item item : items) singles.push_back(Count(item));
  const int64_t count =
      items.size() == 2 ? Count(items[0], items[1]) : index::Count(snapshot_, selection_, items);
  return DescribeBundle(snapshot_, {items.begin(), items.end()}, score, count, singles,
                        selection_.basket_count);
}

PairMeasures BundleScorer::Parts(absl::Span<const Item> items) {
  PairMeasures sum;
  for (size_t i = 0; i < items.size(); ++i) {
    for (size_t j = i + 1; j < items.size(); ++j) {
      const PairMeasures ratios = OverMaxima(Measure(items[i], items[j]), reference_.maxima);
      sum.lift += ratios.lift;
      sum.min_confidence += ratios.min_confidence;
      sum.support += ratios.support;
      sum.jaccard += ratios.jaccard;
      sum.mean_confidence += ratios.mean_confidence;
    }
  }
  const double pairs = static_cast<double>(items.size() * (items.size() - 1) / 2);
  return {.lift = sum.lift / pairs,
          .min_confidence = sum.min_confidence / pairs,
          .support = sum.support / pairs,
          .jaccard = sum.jaccard / pairs,
          .mean_confidence = sum.mean_confidence / pairs};
}

}  // namespace clustr::scoring
