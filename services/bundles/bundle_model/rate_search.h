#ifndef CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_RATE_SEARCH_H_
#define CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_RATE_SEARCH_H_

#include <vector>

#include "absl/status/statusor.h"
#include "services/bundles/bundle_model/bundle_model.h"
#include "services/bundles/bundle_model/rated_pairs.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/bundle_query.h"
#include "services/bundles/scoring/bundle_search.h"
#include "services/bundles/scoring/scored_bundle.h"

namespace clustr::bundle_model {

// The best bundles of the selection that satisfy the query, by the score of the model, best first,
// ties by their SKUs. With max_overlap they are chosen greedily, starting with the best; then
// `overlapping`, unless it is null, is set to the answer without that bound if fewer than
// query.limit were chosen.
//
// A bundle's score is bounded by how strong each of its pairs is (RatedPairs). So bundles are
// searched in rounds, each among more pairs than the one before and the strongest first, until what
// is left cannot be among the best. A round is a walk over the BundleSpace of the query. Pairs that
// are rarer than the common ones are counted only if such bundles may be in the answer.
//
// `tables` must be those of the snapshot, the selection and the model's shape.
// RESOURCE_EXHAUSTED after query.max_steps steps, or if there are too many pairs, which counting
// them has a bound of its own for (scoring::CountPairs); otherwise errors are those of `wanted`.
absl::StatusOr<std::vector<scoring::ScoredBundle>> RecommendByRate(
    const index::Snapshot& snapshot, const index::Selection& selection, const RateTables& tables,
    const BundleModel& model, const scoring::BundleQuery& query,
    scoring::Wanted wanted = scoring::AlwaysWanted, scoring::Overlapping* overlapping = nullptr);

}  // namespace clustr::bundle_model

#endif  // CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_RATE_SEARCH_H_
