#ifndef CLUSTR_SERVICES_BUNDLES_MODELS_DATABASE_MODELS_H_
#define CLUSTR_SERVICES_BUNDLES_MODELS_DATABASE_MODELS_H_

#include <string>
#include <vector>

#include "services/bundles/models/model_keeper.h"

namespace clustr::bundles {

// Models in the database itself, as file rows, for the servers that share it. The store must have
// been opened with FileRowsTable among its further tables.
class DatabaseModels final : public ModelKeeper {
 public:
  bool shared() const override { return true; }
  std::vector<int64_t> Numbers(storage::Session& session) const override;
  bool Has(storage::Session& session, const std::string& model_id) const override;
  absl::StatusOr<StoredModel> Read(storage::Session& session,
                                   const std::string& model_id) const override;
  absl::Status Write(storage::WriteContext& context, const StoredModel& model) const override;
  void Remove(storage::WriteContext& context, const std::string& model_id) const override;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_MODELS_DATABASE_MODELS_H_
