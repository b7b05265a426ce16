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

constexpr int64_t kMaxPairs = 50'000'000;

struct MeasuredPair {
  Item a;
  Item b;
  PairMeasures measures;
};

absl::StatusOr<std::vector<MeasuredPair>> MinePairs(const index::Snapshot& snapshot,
                                                    const index::Selection& selection,
                                                    int64_t min_count,
                                                    absl::Span<const uint8_t> allowed) {
  const index::Projection projection = Project(
      snapshot, selection, {.min_count = min_count, .allowed = allowed, .min_basket_size = 2});
  std::vector<MeasuredPair> pairs;
  const absl::Status mined = mining::MineItemsets(
      projection.view(),
      {.min_count = min_count, .min_size = 2, .max_size = 2, .max_itemsets = kMaxPairs},
      [&](absl::Span<const Item> items, int64_t count) {
        const mining::RuleCounts counts = {.count_a = projection.counts[items[0]],
                                           .count_b = projection.counts[items[1]],
                                           .count_ab = count,
                                           .basket_count = selection.basket_count};
        pairs.push_back({items[0], items[1], MeasurePair(counts)});
      });
  if (!mined.ok()) return mined;
  return pairs;
}

double Ratio(double value, double maximum) {
  return maximum > 0 ? std::min(value / maximum, 1.0) : 0;
}

PairStrengths StrengthsOf(absl::Span<const MeasuredPair> pairs, const PairMeasures& maxima) {
  PairStrengths strengths;
  for (const MeasuredPair& pair : pairs) {
    strengths.Insert(pair.a, pair.b, PairStrength(pair.measures, maxima));
  }
  return strengths;
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

void PairStrengths::ForEach(absl::FunctionRef<void(Item a, Item b, double strength)> visit) const {
  for (const auto& [key, strength] : strengths_) {
    visit(static_cast<Item>(key >> 32), static_cast<Item>(key & UINT32_MAX), strength);
  }
}

void PairStrengths::KeepPaired(std::vector<uint8_t>& items) const {
  std::vector<uint8_t> paired(items.size());
  ForEach([&](Item a, Item b, double) {
    for (const Item item : {a, b}) {
      if (item < items.size()) paired[item] = items[item];
    }
  });
  items = std::move(paired);
}

double HeuristicScore(double mean_strength) {
  return 1 / (1 + std::exp(-kSlope * (mean_strength - kCentre)));
}

absl::StatusOr<ReferencePairs> ComputeReference(const index::Snapshot& snapshot,
                                                const index::Selection& selection) {
  ReferencePairs reference;
  reference.min_count =
      mining::MinCount(kReferenceSupport, selection.basket_count, kReferenceCount);
  const absl::StatusOr<std::vector<MeasuredPair>> pairs =
      MinePairs(snapshot, selection, reference.min_count, {});
  if (!pairs.ok()) return pairs.status();
  PairMeasures& maxima = reference.maxima;
  for (const auto& [a, b, measures] : *pairs) {
    maxima.lift = std::max(maxima.lift, measures.lift);
    maxima.min_confidence = std::max(maxima.min_confidence, measures.min_confidence);
    maxima.support = std::max(maxima.support, measures.support);
    maxima.jaccard = std::max(maxima.jaccard, measures.jaccard);
    maxima.mean_confidence = std::max(maxima.mean_confidence, measures.mean_confidence);
  }
  reference.strengths = StrengthsOf(*pairs, maxima);
  return reference;
}

absl::StatusOr<PairStrengths> ComputeStrengths(const index::Snapshot& snapshot,
                                               const index::Selection& selection,
                                               const PairMeasures& maxima, int64_t min_count,
                                               absl::Span<const uint8_t> allowed) {
  const absl::StatusOr<std::vector<MeasuredPair>> pairs =
      MinePairs(snapshot, selection, min_count, allowed);
  if (!pairs.ok()) return pairs.status();
  return StrengthsOf(*pairs, maxima);
}

}  // namespace clustr::scoring
