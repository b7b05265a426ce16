#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_BUNDLE_SCORES_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_BUNDLE_SCORES_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "services/bundles/answers/population_views.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/bundle_query.h"

namespace clustr::bundles {

// A bundle of the caller's, by SKU.
struct BroughtBundle {
  std::vector<int64_t> skus;        // Ascending.
  std::vector<mining::Item> items;  // Of these; kUnknownItem where nobody has heard of one.
};
BroughtBundle BundleOf(const index::Snapshot& shop,
                       const google::protobuf::RepeatedField<int64_t>& skus);

// ScoreBundles, all but the provenance. `wanted` is asked before each bundle and may end it. The
// population has its reference pairs.
absl::Status ScoreBundles(const PopulationView& population, const v1::ScoreBundlesRequest& request,
                          scoring::Wanted wanted, v1::ScoreBundlesResponse* response);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_BUNDLE_SCORES_H_
