#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_SEARCH_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_SEARCH_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/bundle_query.h"
#include "services/bundles/scoring/heuristic.h"
#include "services/bundles/scoring/rarer_pairs.h"
#include "services/bundles/scoring/scored_bundle.h"
#include "services/bundles/scoring/walk/step_budget.h"

namespace clustr::scoring {

// The best bundles where overlaps are not bounded; nullopt if they are not known.
using Overlapping = std::optional<std::vector<ScoredBundle>>;

// The best bundles of the selection that satisfy the query, by the score of heuristic-v0, best
// first, ties by their SKUs. With max_overlap they are chosen greedily, starting with the best;
// then `overlapping`, unless it is null, is set to the answer without that bound as soon as it is
// known, even if the search ends with an error later. `reference`, and what `rarer` keeps, must be
// of the same snapshot and selection.
//
// Costs O(products + reference pairs) and the steps of a walk over the query's BundleSpace, and of
// one more for each 1,000 bundles that overlap too much. If the query admits bundles rarer than the
// reference pairs, costs a mining pass for pairs too, unless `rarer` has them. RESOURCE_EXHAUSTED
// after query.max_steps steps, or if there are too many pairs; otherwise errors are those of
// `wanted`.
absl::StatusOr<std::vector<ScoredBundle>> RecommendBundles(
    const index::Snapshot& snapshot, const index::Selection& selection,
    const ReferencePairs& reference, RarerPairs* rarer, const BundleQuery& query,
    Wanted wanted = AlwaysWanted, Overlapping* overlapping = nullptr);

// What CountBundles may spend.
struct CountingBudget {
  StepBudget* steps;
  // The pairs of this selection in at least so many baskets have been paid for. Lowered as rarer
  // ones are.
  int64_t paid_min_count = INT64_MAX;
};

// The number of bundles that RecommendBundles would return for a query without max_overlap; does
// not use query.max_steps. Computes no scores and stops at `limit`. Takes steps for the walk, and
// for each pass that counts rarer pairs, whether or not `rarer` has them already, so that the same
// query always has the same result. If the steps run out, or there are too many pairs, returns the
// number of bundles that were found until then.
absl::StatusOr<size_t> CountBundles(const index::Snapshot& snapshot,
                                    const index::Selection& selection,
                                    const ReferencePairs& reference, RarerPairs* rarer,
                                    const BundleQuery& query, CountingBudget* budget);

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_SEARCH_H_
