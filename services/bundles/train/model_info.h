#ifndef CLUSTR_SERVICES_BUNDLES_TRAIN_MODEL_INFO_H_
#define CLUSTR_SERVICES_BUNDLES_TRAIN_MODEL_INFO_H_

#include <cstdint>

#include "clustr/bundles/v1/model_service.pb.h"
#include "services/bundles/training/bundles/train_bundles.h"
#include "services/bundles/training/train_products.h"

namespace clustr::bundles {

// What clients see of a trained model, as far as the training knows it: without an id, a digest and
// a creation time. Pure function.
v1::Model ModelInfoOf(const training::TrainedProducts& trained,
                      const training::Purchases& purchases, int64_t sales_revision, int64_t seed);

// Adds what clients see of its bundles.
void AddBundles(const training::TrainedBundles& trained, v1::Model* model);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_TRAIN_MODEL_INFO_H_
