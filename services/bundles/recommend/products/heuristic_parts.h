#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_HEURISTIC_PARTS_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_HEURISTIC_PARTS_H_

#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "services/bundles/answers/population_views.h"
#include "services/bundles/scoring/product_search.h"

namespace clustr::bundles {

// Fills in the product and the parts of the score that heuristic-v0 gives it: the confidence from
// each product of the basket, of which the highest is the score, or its popularity if the basket is
// empty. `query` is that which heuristic-v0 answered. O(posting lists of the basket).
void ExplainHeuristic(const PopulationView& population, const scoring::ProductQuery& query,
                      mining::Item item, v1::ExplainProductResponse* response);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_HEURISTIC_PARTS_H_
