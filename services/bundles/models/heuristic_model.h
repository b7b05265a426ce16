#ifndef CLUSTR_SERVICES_BUNDLES_MODELS_HEURISTIC_MODEL_H_
#define CLUSTR_SERVICES_BUNDLES_MODELS_HEURISTIC_MODEL_H_

#include <string>

#include "clustr/bundles/v1/model_service.pb.h"

namespace clustr::bundles {

// What clients see of heuristic-v0, without its creation time and whether it is active.
v1::Model HeuristicModel();

// The parameters of heuristic-v0 as text, one line `name value` each. Model.digest is the hash of
// this text.
std::string HeuristicParameters();

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_MODELS_HEURISTIC_MODEL_H_
