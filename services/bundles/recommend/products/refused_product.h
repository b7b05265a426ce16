#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_REFUSED_PRODUCT_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_REFUSED_PRODUCT_H_

#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/product_search.h"

namespace clustr::bundles {

// Names in excluded_by each bound of the query that the product does not meet, `basket_skus` if it
// is in the basket, and `product_sku` if catalog does not know it. False if there is none. `query`
// is that of the request. Pure function.
bool AddRefusals(const index::Snapshot& shop, const scoring::ProductQuery& query, mining::Item item,
                 v1::ExplainProductResponse* response);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_REFUSED_PRODUCT_H_
