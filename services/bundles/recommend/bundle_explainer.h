#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_BUNDLE_EXPLAINER_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_BUNDLE_EXPLAINER_H_

#include "absl/types/span.h"
#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "services/bundles/answers/population_views.h"
#include "services/bundles/scoring/bundle_query.h"
#include "services/bundles/scoring/scored_bundle.h"

// ExplainBundle: why a bundle has its place, or what keeps it out.
namespace clustr::bundles {

// Everything but the provenance. `query` is that of the request inside, `answer` what it is
// answered with, `population` the one that it asks for, with its reference pairs. Costs the baskets
// that hold any two of the products.
void ExplainBundle(const PopulationView& population, const scoring::BundleQuery& query,
                   absl::Span<const scoring::ScoredBundle> answer,
                   const v1::ExplainBundleRequest& request, v1::ExplainBundleResponse* response);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_BUNDLE_EXPLAINER_H_
