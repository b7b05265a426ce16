#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_HEURISTIC_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_HEURISTIC_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/mining/itemsets.h"
#include "services/bundles/mining/measures/measures.h"

// heuristic-v0, the baseline model: how strongly the products of a bundle belong together, by a
// weighted sum of five measures of each pair.
namespace clustr::scoring {

using mining::Item;

// What a pair is judged by, or the maxima of it over the reference pairs.
struct PairMeasures {
  double lift = 0;
  double min_confidence = 0;  // The less of both directions: count / largest single count.
  double support = 0;
  double jaccard = 0;
  double mean_confidence = 0;  // Of both directions: Kulczynski's measure.
};

PairMeasures MeasurePair(const mining::RuleCounts& counts);

// One of the measures, with its name as it stands in Model.features.
struct HeuristicFeature {
  const char* name;
  double PairMeasures::*measure;
};

// The features of heuristic-v0, in the order of Model.features. Static storage.
absl::Span<const HeuristicFeature> HeuristicFeatures();

// The model's parameters.
inline constexpr PairMeasures kWeights = {.lift = 0.25,
                                          .min_confidence = 0.25,
                                          .support = 0.20,
                                          .jaccard = 0.15,
                                          .mean_confidence = 0.15};
inline constexpr double kSlope = 5;
inline constexpr double kCentre = 0.5;
inline constexpr double kReferenceSupport = 0.001;
inline constexpr int64_t kReferenceCount = 2;

// Each measure over its maximum, at most 1. A maximum of 0 gives 0.
PairMeasures OverMaxima(const PairMeasures& pair, const PairMeasures& maxima);

// s: the sum of these, each times its weight, in [0, 1].
double PairStrength(const PairMeasures& pair, const PairMeasures& maxima);

// 1 / (1 + e^(-kSlope (s - kCentre))) for the mean strength of a bundle's pairs.
double HeuristicScore(double mean_strength);

// Strengths of pairs.
class PairStrengths {
 public:
  void Insert(Item a, Item b, double strength) { strengths_[Key(a, b)] = strength; }
  // 0 for a pair that is not there.
  double Of(Item a, Item b) const {
    const auto it = strengths_.find(Key(a, b));
    return it == strengths_.end() ? 0 : it->second;
  }
  // Nothing for a pair that is not there.
  std::optional<double> Find(Item a, Item b) const {
    const auto it = strengths_.find(Key(a, b));
    return it == strengths_.end() ? std::nullopt : std::optional<double>(it->second);
  }
  size_t size() const { return strengths_.size(); }
  // Calls `visit` with both items and the strength of each pair, in any order.
  void ForEach(absl::FunctionRef<void(Item a, Item b, double strength)> visit) const {
    for (const auto& [key, strength] : strengths_) {
      visit(static_cast<Item>(key >> 32), static_cast<Item>(key & UINT32_MAX), strength);
    }
  }

  // Sets `items` to 0 where they, by Item, are in no pair.
  void KeepPaired(std::vector<uint8_t>& items) const;

 private:
  static uint64_t Key(Item a, Item b) {
    return a < b ? uint64_t{a} << 32 | b : uint64_t{b} << 32 | a;
  }

  absl::flat_hash_map<uint64_t, double> strengths_;
};

// The pairs of a population that set the scale: those in at least 2 baskets and with a support of
// at least 0.001, whatever a request's constraints.
struct ReferencePairs {
  int64_t min_count = 2;  // They are exactly the pairs in this many baskets or more.
  PairMeasures maxima;
  PairStrengths strengths;
};

// One mining pass over the selection: worth caching for a snapshot and a population.
// RESOURCE_EXHAUSTED for more than 50 million pairs.
absl::StatusOr<ReferencePairs> ComputeReference(const index::Snapshot& snapshot,
                                                const index::Selection& selection);

// Strengths of all pairs of `allowed` items (by Item; empty: all) in `min_count` baskets of the
// selection or more. RESOURCE_EXHAUSTED as above.
absl::StatusOr<PairStrengths> ComputeStrengths(const index::Snapshot& snapshot,
                                               const index::Selection& selection,
                                               const PairMeasures& maxima, int64_t min_count,
                                               absl::Span<const uint8_t> allowed);

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_HEURISTIC_H_
