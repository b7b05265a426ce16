#ifndef CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_RATE_SEARCH_H_
#define CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_RATE_SEARCH_H_

#include <vector>

#include "absl/status/statusor.h"
#include "services/bundles/bundle_model/bundle_model.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/bundle_query.h"
#include "services/bundles/scoring/scored_bundle.h"

namespace clustr::bundle_model {

// The best bundles of the selection that satisfy the query, by the score of the model, best first,
// ties by their SKUs. With max_overlap they are chosen greedily, starting with the best.
//
// A bundle's score is bounded by its count (BundleRates::Bound). So bundles are mined in rounds,
// the frequent ones first, each round down to half the count of the one before, until what is left
// cannot be among the best. RESOURCE_EXHAUSTED if a round finds more bundles of allowed products
// than one for each 50 of query.max_steps; otherwise errors are those of `wanted`.
absl::StatusOr<std::vector<scoring::ScoredBundle>> RecommendByRate(
    const index::Snapshot& snapshot, const index::Selection& selection, const BundleModel& model,
    const scoring::BundleQuery& query, scoring::Wanted wanted = scoring::AlwaysWanted);

}  // namespace clustr::bundle_model

#endif  // CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_RATE_SEARCH_H_
