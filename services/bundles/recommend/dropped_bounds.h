#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_DROPPED_BOUNDS_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_DROPPED_BOUNDS_H_

#include <string>
#include <vector>

#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "services/bundles/index/snapshot.h"

namespace clustr::bundles {

// One bound of a request, and the request without it.
template <class Request>
struct DroppedBound {
  std::string field;  // Named as in Shortfall.field.
  Request without;
};

// Drops each of the bounds that v1.Shortfall describes, one at a time, in the order that it gives.
// The resulting requests have no customer_id; the fields that the customer fills are set in their
// population instead.
std::vector<DroppedBound<v1::RecommendBundlesRequest>> DropBounds(
    const index::Snapshot& shop, const v1::RecommendBundlesRequest& request);

std::vector<DroppedBound<v1::RecommendProductsRequest>> DropBounds(
    const v1::RecommendProductsRequest& request);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_DROPPED_BOUNDS_H_
