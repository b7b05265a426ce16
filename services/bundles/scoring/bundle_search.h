#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_SEARCH_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_SEARCH_H_

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/bundle_query.h"
#include "services/bundles/scoring/heuristic.h"
#include "services/bundles/scoring/scored_bundle.h"

namespace clustr::scoring {

// The best bundles of the selection that satisfy the query, by the score of heuristic-v0, best
// first, ties by their SKUs. With max_overlap they are chosen greedily, starting with the best.
// `reference` must be that of the same snapshot and selection.
//
// Costs a walk of the query's BundleSpace, and one more for each 1,000 bundles that overlap too
// much. If the query admits bundles rarer than the reference pairs, costs a mining pass for pairs
// too. Errors are those of BundleSpace::Walk.
absl::StatusOr<std::vector<ScoredBundle>> RecommendBundles(const index::Snapshot& snapshot,
                                                           const index::Selection& selection,
                                                           const ReferencePairs& reference,
                                                           const BundleQuery& query,
                                                           Wanted wanted = AlwaysWanted);

// The number of bundles that RecommendBundles would return for a query without max_overlap.
// Computes no scores and stops at `limit`. If the walk ends with RESOURCE_EXHAUSTED, returns the
// number of bundles that it met until then.
absl::StatusOr<size_t> CountBundles(const index::Snapshot& snapshot,
                                    const index::Selection& selection, const BundleQuery& query,
                                    Wanted wanted = AlwaysWanted);

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_SEARCH_H_
