#ifndef CLUSTR_SERVICES_BUNDLES_MODELS_MODEL_TABLE_H_
#define CLUSTR_SERVICES_BUNDLES_MODELS_MODEL_TABLE_H_

#include <string>

#include "absl/time/time.h"
#include "common/storage/session.h"

namespace clustr::bundles {

// When this database first had a model: `now`, which is remembered, if it does not know it yet. To
// be called inside a write; failures of the database are thrown.
absl::Time FirstHad(storage::Session& session, const std::string& model_id, absl::Time now);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_MODELS_MODEL_TABLE_H_
