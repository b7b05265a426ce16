#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_BOUNDS_DROPPED_BOUNDS_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_BOUNDS_DROPPED_BOUNDS_H_

#include <string>
#include <vector>

#include "clustr/bundles/v1/recommendation_service.pb.h"

namespace clustr::bundles {

// One bound of a request, and the request without it.
template <class Request>
struct DroppedBound {
  std::string field;  // Named as in Shortfall.field.
  Request without;
};

// Drops each of the bounds that v1.Shortfall describes, one at a time, in the order that it gives.
// `filled` is the population that the request has with its customer. The resulting requests have
// that population, so that the customer no longer narrows it.
std::vector<DroppedBound<v1::RecommendBundlesRequest>> DropBounds(
    const v1::RecommendBundlesRequest& request, const v1::Population& filled);

std::vector<DroppedBound<v1::RecommendProductsRequest>> DropBounds(
    const v1::RecommendProductsRequest& request);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_BOUNDS_DROPPED_BOUNDS_H_
