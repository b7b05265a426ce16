#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_TRAINED_PARTS_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_TRAINED_PARTS_H_

#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "services/bundles/answers/population_views.h"
#include "services/bundles/models/models.h"
#include "services/bundles/scoring/product_search.h"

namespace clustr::bundles {

// Fills in the product and the parts of the score that the trained model gives it, as the answer to
// `query`. True if the intent of the query keeps the product out, whatever its score.
bool ExplainTrained(const KnownModel& model, const PopulationView& population,
                    const scoring::ProductQuery& query, mining::Item item,
                    v1::ExplainProductResponse* response);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_TRAINED_PARTS_H_
