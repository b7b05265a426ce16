#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_DROPPED_BOUNDS_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_DROPPED_BOUNDS_H_

#include <string>
#include <vector>

#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "services/bundles/index/snapshot.h"

namespace clustr::bundles {

// A request with one of its bounds dropped.
template <class Request>
struct DroppedBound {
  std::string field;  // As in Shortfall.field.
  Request without;
};

// The request without each of the bounds that Shortfall speaks of, one at a time, in their order.
// None of these requests has a customer_id: what the customer fills stands in the population.
std::vector<DroppedBound<v1::RecommendBundlesRequest>> DropBounds(
    const index::Snapshot& shop, const v1::RecommendBundlesRequest& request);

std::vector<DroppedBound<v1::RecommendProductsRequest>> DropBounds(
    const v1::RecommendProductsRequest& request);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_DROPPED_BOUNDS_H_
