#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_BUNDLE_SCORES_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_BUNDLE_SCORES_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "services/bundles/answers/population_views.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/recommend/bundle_answers.h"
#include "services/bundles/scoring/bundle_query.h"

namespace clustr::bundles {

// A bundle that the caller asks about.
struct BroughtBundle {
  std::vector<int64_t> skus;  // Ascending.
  // The item of each SKU, or kUnknownItem if neither sales nor catalog has ever named the SKU.
  std::vector<mining::Item> items;
};
BroughtBundle BundleOf(const index::Snapshot& shop,
                       const google::protobuf::RepeatedField<int64_t>& skus);

// Answers ScoreBundles, except for the provenance. Asks `wanted` before each bundle and ends with
// its error. If the model is unset, the reference pairs of the population must have been computed
// without error.
absl::Status ScoreBundles(const PopulationView& population, const BundleScoring& model,
                          const v1::ScoreBundlesRequest& request, scoring::Wanted wanted,
                          v1::ScoreBundlesResponse* response);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_BUNDLE_SCORES_H_
