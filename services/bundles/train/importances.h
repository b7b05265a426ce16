#ifndef CLUSTR_SERVICES_BUNDLES_TRAIN_IMPORTANCES_H_
#define CLUSTR_SERVICES_BUNDLES_TRAIN_IMPORTANCES_H_

#include "clustr/bundles/v1/model_service.pb.h"
#include "services/bundles/products/product_model.h"
#include "services/bundles/training/data/purchases.h"

namespace clustr::bundles {

// Adds the importances of the features for both tasks of products: the parts of the scores that the
// model gives to the first ten products for the newest baskets, at most 200. For `products`, each
// of these baskets without its last product, with what the customer bought before all of them; for
// `next_basket`, the latter alone. Adds nothing for a task whose scores are all 0. O(cases *
// (products + links)).
void AddImportances(const products::ProductModel& model, const training::Purchases& purchases,
                    v1::Model* info);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_TRAIN_IMPORTANCES_H_
