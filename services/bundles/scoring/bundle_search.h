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

// The best bundles of the selection that satisfy the query by heuristic-v0's score, best first,
// ties by their SKUs. With max_overlap: greedily, from the best one on. `reference` is that of the
// same snapshot and selection. Costs a walk of the query's BundleSpace, and one more for each
// 1,000 bundles that overlap too much; a mining pass for pairs before that if the query admits
// bundles rarer than the reference pairs. Errors: those of BundleSpace::Walk.
absl::StatusOr<std::vector<ScoredBundle>> RecommendBundles(const index::Snapshot& snapshot,
                                                           const index::Selection& selection,
                                                           const ReferencePairs& reference,
                                                           const BundleQuery& query,
                                                           Wanted wanted = AlwaysWanted);

// How many bundles RecommendBundles would answer with, for a query without max_overlap: needs no
// scores, and ends as soon as there are `limit`. A walk that would end with RESOURCE_EXHAUSTED
// counts what it met until then.
absl::StatusOr<size_t> CountBundles(const index::Snapshot& snapshot,
                                    const index::Selection& selection, const BundleQuery& query,
                                    Wanted wanted = AlwaysWanted);

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_SEARCH_H_
