#include "services/bundles/scoring/heuristic.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "services/bundles/index/projection.h"
#include "services/bundles/mining/measures/support.h"

namespace clustr::scoring {
namespace {

constexpr int64_t kMaxReferencePairs = 20'000'000;
constexpr int64_t kMaxRarerPairs = 8'000'000;
constexpr int64_t kMaxCounted = 200'000'000;  // Takes about half a second.

struct MeasuredPair {
  Item a;
  Item b;
  uint32_t count;
  PairMeasures measures;
};

// The number of pairs in all baskets together.
int64_t CountedPairs(const mining::BasketView& baskets) {
  int64_t pairs = 0;
  for (size_t i = 0; i < baskets.size(); ++i) {
    const auto size = static_cast<int64_t>(baskets[i].size());
    pairs += size * (size - 1) / 2;
  }
  return pairs;
}

// Calls `visit` with both products, their count and their measures for each pair of allowed
// products in at least `min_count` baskets. Returns the number of baskets that hold each Item.
template <typename Visit>
absl::StatusOr<std::vector<uint32_t>> MinePairs(
    const index::Snapshot& snapshot, const index::Selection& selection, int64_t min_count,
    absl::Span<const uint8_t> allowed, int64_t max_pairs, int64_t max_counted, Visit visit) {
  index::Projection projection = Project(
      snapshot, selection, {.min_count = min_count, .allowed = allowed, .min_basket_size = 2});
  if (CountedPairs(projection.view()) > max_counted) {
    return absl::ResourceExhaustedError("the baskets hold too many pairs to count");
  }
  const absl::Status mined = mining::MineItemsets(
      projection.view(),
      {.min_count = min_count, .min_size = 2, .max_size = 2, .max_itemsets = max_pairs},
      [&](absl::Span<const Item> items, int64_t count) {
        const mining::RuleCounts counts = {.count_a = projection.counts[items[0]],
                                           .count_b = projection.counts[items[1]],
                                           .count_ab = count,
                                           .basket_count = selection.basket_count};
        visit(items[0], items[1], static_cast<uint32_t>(count), MeasurePair(counts));
      });
  if (!mined.ok()) return mined;
  return std::move(projection.counts);
}

double Ratio(double value, double maximum) {
  return maximum > 0 ? std::min(value / maximum, 1.0) : 0;
}

}  // namespace

absl::Span<const HeuristicFeature> HeuristicFeatures() {
  static constexpr HeuristicFeature kFeatures[] = {
      {"lift", &PairMeasures::lift},
      {"least_confidence", &PairMeasures::min_confidence},
      {"support", &PairMeasures::support},
      {"jaccard", &PairMeasures::jaccard},
      {"mean_confidence", &PairMeasures::mean_confidence}};
  return kFeatures;
}

PairMeasures MeasurePair(const mining::RuleCounts& counts) {
  return {.lift = mining::Lift(counts),
          .min_confidence = mining::Confidence({.count_a = std::max(counts.count_a, counts.count_b),
                                                .count_b = std::min(counts.count_a, counts.count_b),
                                                .count_ab = counts.count_ab,
                                                .basket_count = counts.basket_count}),
          .support = mining::Support(counts),
          .jaccard = mining::Jaccard(counts),
          .mean_confidence = mining::Kulczynski(counts)};
}

PairMeasures OverMaxima(const PairMeasures& pair, const PairMeasures& maxima) {
  return {.lift = Ratio(pair.lift, maxima.lift),
          .min_confidence = Ratio(pair.min_confidence, maxima.min_confidence),
          .support = Ratio(pair.support, maxima.support),
          .jaccard = Ratio(pair.jaccard, maxima.jaccard),
          .mean_confidence = Ratio(pair.mean_confidence, maxima.mean_confidence)};
}

double PairStrength(const PairMeasures& pair, const PairMeasures& maxima) {
  const PairMeasures ratios = OverMaxima(pair, maxima);
  return kWeights.lift * ratios.lift + kWeights.min_confidence * ratios.min_confidence +
         kWeights.support * ratios.support + kWeights.jaccard * ratios.jaccard +
         kWeights.mean_confidence * ratios.mean_confidence;
}

double HeuristicScore(double mean_strength) {
  return 1 / (1 + std::exp(-kSlope * (mean_strength - kCentre)));
}

absl::StatusOr<ReferencePairs> ComputeReference(const index::Snapshot& snapshot,
                                                const index::Selection& selection) {
  ReferencePairs reference;
  reference.min_count =
      mining::MinCount(kReferenceSupport, selection.basket_count, kReferenceCount);
  std::vector<MeasuredPair> pairs;
  PairMeasures& maxima = reference.maxima;
  absl::StatusOr<std::vector<uint32_t>> counts = MinePairs(
      snapshot, selection, reference.min_count, {}, kMaxReferencePairs, INT64_MAX,
      [&](Item a, Item b, uint32_t count, const PairMeasures& measures) {
        maxima.lift = std::max(maxima.lift, measures.lift);
        maxima.min_confidence = std::max(maxima.min_confidence, measures.min_confidence);
        maxima.support = std::max(maxima.support, measures.support);
        maxima.jaccard = std::max(maxima.jaccard, measures.jaccard);
        maxima.mean_confidence = std::max(maxima.mean_confidence, measures.mean_confidence);
        pairs.push_back({a, b, count, measures});
      });
  if (!counts.ok()) return counts.status();
  reference.single_counts = *std::move(counts);
  // Only now are the maxima known.
  std::vector<StrongPair> strong;
  strong.reserve(pairs.size());
  for (const auto& [a, b, count, measures] : pairs) {
    strong.push_back({a, b, count, PairStrength(measures, maxima)});
  }
  reference.strengths = PairStrengths(strong);
  return reference;
}

absl::StatusOr<PairStrengths> ComputeStrengths(const index::Snapshot& snapshot,
                                               const index::Selection& selection,
                                               const PairMeasures& maxima, int64_t min_count,
                                               absl::Span<const uint8_t> allowed) {
  std::vector<StrongPair> pairs;
  const auto counts =
      MinePairs(snapshot, selection, min_count, allowed, kMaxRarerPairs, kMaxCounted,
                [&](Item a, Item b, uint32_t count, const PairMeasures& measures) {
                  pairs.push_back({a, b, count, PairStrength(measures, maxima)});
                });
  if (!counts.ok()) return counts.status();
  return PairStrengths(pairs);
}

}  // namespace clustr::scoring
