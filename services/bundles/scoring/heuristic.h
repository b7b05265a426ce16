#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_HEURISTIC_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_HEURISTIC_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/bundles/index/pairs/pair_tables.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/mining/itemsets.h"
#include "services/bundles/mining/measures/measures.h"
#include "services/bundles/scoring/bundle_query.h"
#include "services/bundles/scoring/pair_strengths.h"

// heuristic-v0, the baseline model: rates how strongly the products of a bundle belong together by
// a weighted sum of five measures of each pair.
namespace clustr::scoring {

// One value for each measure of a pair: the measure itself, its maximum, its weight or a quotient.
struct PairMeasures {
  double lift = 0;
  double min_confidence = 0;  // The lower one of both directions: count / largest single count.
  double support = 0;
  double jaccard = 0;
  double mean_confidence = 0;  // The mean of both directions: Kulczynski's measure.
};

PairMeasures MeasurePair(const mining::RuleCounts& counts);

// One of the measures, with its name in Model.features.
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

// The quotient of each measure and its maximum, at most 1. A maximum of 0 gives 0.
PairMeasures OverMaxima(const PairMeasures& pair, const PairMeasures& maxima);

// The sum s, in [0, 1], of these quotients, each multiplied by its weight.
double PairStrength(const PairMeasures& pair, const PairMeasures& maxima);

// 1 / (1 + e^(-kSlope (s - kCentre))), where s is the mean strength of a bundle's pairs.
double HeuristicScore(double mean_strength);

// The pairs of a population that set the scale: those with at least kReferenceCount baskets and a
// support of at least kReferenceSupport, regardless of a request's constraints.
struct ReferencePairs {
  int64_t min_count = kReferenceCount;  // They are exactly the pairs in at least this many baskets.
  PairMeasures maxima;
  PairStrengths strengths;
  std::vector<uint32_t> single_counts;  // The number of baskets that hold each Item.
};

// What counting pairs may use.
struct PairWork {
  int threads = 1;  // Including the caller's.
  // Keeps the counts of all pairs, so that they are counted once for all questions about a
  // population, and where possible from those of other populations and states. May be null.
  index::PairTables* tables = nullptr;
};

// Costs a pass over all pairs in the baskets of the selection, so the result is worth caching per
// snapshot and population. RESOURCE_EXHAUSTED if there are more than 20 million pairs; otherwise
// errors are those of `wanted`.
absl::StatusOr<ReferencePairs> ComputeReference(const index::Snapshot& snapshot,
                                                const index::Selection& selection,
                                                Wanted wanted = AlwaysWanted,
                                                const PairWork& work = {});

// Which pairs of products are asked for.
struct PairBounds {
  int64_t min_count = 1;
  // Of their lower confidence: count / largest single count.
  double min_confidence = 0;
  // Only the items i with allowed[i] != 0, unless it is empty.
  absl::Span<const uint8_t> allowed = {};
};

// All pairs of the selection within the bounds, with a strength of 0. Errors are those of
// ComputeStrengths.
absl::StatusOr<std::vector<StrongPair>> CountPairs(const index::Snapshot& snapshot,
                                                   const index::Selection& selection,
                                                   const PairBounds& bounds,
                                                   Wanted wanted = AlwaysWanted,
                                                   const PairWork& work = {});

// The strengths of all pairs of the selection within the bounds. RESOURCE_EXHAUSTED if there are
// more than 8 million, or if there is no table for them and the baskets hold more than 200 million
// pairs to count; otherwise errors are those of `wanted`.
absl::StatusOr<PairStrengths> ComputeStrengths(const index::Snapshot& snapshot,
                                               const index::Selection& selection,
                                               const PairMeasures& maxima, const PairBounds& bounds,
                                               Wanted wanted = AlwaysWanted,
                                               const PairWork& work = {});

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_HEURISTIC_H_
