#include "services/bundles/training/bundles/bundle_baselines.h"

#include <algorithm>
#include <utility>

#include "services/bundles/mining/measures/support.h"
#include "services/bundles/scoring/heuristic.h"
#include "services/bundles/scoring/scored_bundle.h"

namespace clustr::training {
namespace {

using scoring::PairMeasures;

PairMeasures MeasurePairOf(const BundleCases& cases, const BundleCase& pair) {
  return scoring::MeasurePair({.count_a = cases.single_counts[pair.products[0]],
                               .count_b = cases.single_counts[pair.products[1]],
                               .count_ab = pair.count,
                               .basket_count = static_cast<int64_t>(cases.basket_count)});
}

PairMeasures MaximaOf(const BundleCases& cases) {
  const int64_t min_count =
      mining::MinCount(scoring::kReferenceSupport, static_cast<int64_t>(cases.basket_count),
                       scoring::kReferenceCount);
  PairMeasures maxima;
  for (size_t i = 0; i < cases.pair_count; ++i) {
    if (cases.cases[i].count < min_count) continue;
    const PairMeasures pair = MeasurePairOf(cases, cases.cases[i]);
    maxima.lift = std::max(maxima.lift, pair.lift);
    maxima.min_confidence = std::max(maxima.min_confidence, pair.min_confidence);
    maxima.support = std::max(maxima.support, pair.support);
    maxima.jaccard = std::max(maxima.jaccard, pair.jaccard);
    maxima.mean_confidence = std::max(maxima.mean_confidence, pair.mean_confidence);
  }
  return maxima;
}

std::vector<double> HeuristicScores(const BundleCases& cases) {
  const PairMeasures maxima = MaximaOf(cases);
  std::vector<scoring::StrongPair> pairs;
  for (size_t i = 0; i < cases.pair_count; ++i) {
    const BundleCase& pair = cases.cases[i];
    pairs.push_back({pair.products[0], pair.products[1], pair.count,
                     scoring::PairStrength(MeasurePairOf(cases, pair), maxima)});
  }
  const scoring::PairStrengths strengths(pairs);
  std::vector<double> scores;
  for (const BundleCase& one : cases.cases) {
    scores.push_back(scoring::ScoreOf(
        one.items(), [&](ProductNumber a, ProductNumber b) { return strengths.Of(a, b); }));
  }
  return scores;
}

}  // namespace

std::vector<BundleBaseline> BundleBaselines(const BundleCases& cases) {
  BundleBaseline lift = {"lift", {}, false};
  BundleBaseline confidence = {"confidence", {}, true};
  BundleBaseline support = {"support", {}, false};
  const auto baskets = static_cast<double>(cases.basket_count);
  for (const BundleCase& one : cases.cases) {
    double chance = baskets;
    uint32_t largest_single = 0;
    for (const ProductNumber product : one.items()) {
      chance *= cases.single_counts[product] / baskets;
      largest_single = std::max(largest_single, cases.single_counts[product]);
    }
    lift.scores.push_back(one.count / chance);
    confidence.scores.push_back(static_cast<double>(one.count) / largest_single);
    support.scores.push_back(one.count / baskets);
  }
  std::vector<BundleBaseline> baselines;
  baselines.push_back(std::move(lift));
  baselines.push_back(std::move(confidence));
  baselines.push_back(std::move(support));
  baselines.push_back({"heuristic_v0", HeuristicScores(cases), true});
  return baselines;
}

}  // namespace clustr::training
