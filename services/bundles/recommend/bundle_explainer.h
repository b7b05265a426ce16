#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_BUNDLE_EXPLAINER_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_BUNDLE_EXPLAINER_H_

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "services/bundles/answers/population_views.h"
#include "services/bundles/recommend/bundle_answers.h"
#include "services/bundles/scoring/bundle_query.h"
#include "services/bundles/scoring/scored_bundle.h"

// Answers ExplainBundle: why a bundle has its rank, or what keeps it out.
namespace clustr::bundles {

// Fills in everything but the provenance. `query`, `answer` and `population` are those of the
// RecommendBundlesRequest inside `request`; `is_wider` as in CustomerPopulation. Costs O(baskets
// that hold any of the products). Errors, which come only if the model is unset, are those of
// PopulationView::reference.
absl::Status ExplainBundle(const PopulationView& population, const BundleScoring& model,
                           bool is_wider, const scoring::BundleQuery& query,
                           absl::Span<const scoring::ScoredBundle> answer,
                           const v1::ExplainBundleRequest& request, scoring::Wanted wanted,
                           v1::ExplainBundleResponse* response);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_BUNDLE_EXPLAINER_H_
