#ifndef CLUSTR_SERVICES_BUNDLES_MODELS_MODEL_TABLE_H_
#define CLUSTR_SERVICES_BUNDLES_MODELS_MODEL_TABLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/storage/session.h"

// The tables of models: when this database first had each, and which is active. The functions that
// change something must run inside a write; all throw if the database fails.
namespace clustr::bundles {

// Statements that create the tables that the other functions need, as in TableSettings::more.
std::vector<std::string> ModelTables();

// The time at which this database first had the model. If it does not know the model yet, stores
// and returns `now`.
absl::Time FirstHad(storage::Session& session, const std::string& model_id, absl::Time now);

// The number of models that this database ever had.
int64_t CountModels(storage::Session& session);

// The id that SetActiveModel was last called with; empty if it was never called.
std::string ActiveModel(storage::Session& session);
void SetActiveModel(storage::Session& session, const std::string& model_id);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_MODELS_MODEL_TABLE_H_
