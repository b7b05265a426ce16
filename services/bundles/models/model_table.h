#ifndef CLUSTR_SERVICES_BUNDLES_MODELS_MODEL_TABLE_H_
#define CLUSTR_SERVICES_BUNDLES_MODELS_MODEL_TABLE_H_

#include <string>

#include "absl/time/time.h"
#include "common/storage/session.h"

namespace clustr::bundles {

// The time at which this database first had the model. If it does not know the model yet, stores
// and returns `now`. Must run inside a write. Throws if the database fails.
absl::Time FirstHad(storage::Session& session, const std::string& model_id, absl::Time now);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_MODELS_MODEL_TABLE_H_
