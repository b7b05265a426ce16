#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_SHORTFALLS_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_SHORTFALLS_H_

#include <cstddef>

#include "absl/status/status.h"
#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "services/bundles/answers/population_views.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/bundle_query.h"

// Why an answer has fewer results than were asked for: it is counted anew with each bound of the
// request dropped alone. Nothing is added to an answer that is long enough.
namespace clustr::bundles {

// `population` is the one that the valid `request` asks for, whose answer `response` holds. Costs a
// bounded walk a bound (a whole search with max_overlap, and for bounds of the population its
// selection), each of which ends as soon as it has met enough. Errors are those of `wanted`.
absl::Status AddShortfalls(const PopulationView& population,
                           const v1::RecommendBundlesRequest& request, scoring::Wanted wanted,
                           v1::RecommendBundlesResponse* response);

// The same for the answer to `request`, which is at most `limit` long. O(products) a bound.
void AddShortfalls(const index::Snapshot& shop, const v1::RecommendProductsRequest& request,
                   size_t limit, v1::RecommendProductsResponse* response);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_SHORTFALLS_H_
