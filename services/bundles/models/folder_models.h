#ifndef CLUSTR_SERVICES_BUNDLES_MODELS_FOLDER_MODELS_H_
#define CLUSTR_SERVICES_BUNDLES_MODELS_FOLDER_MODELS_H_

#include <string>
#include <utility>
#include <vector>

#include "services/bundles/models/model_keeper.h"

namespace clustr::bundles {

// Models in files of a folder, which is made when the first one is kept.
class FolderModels final : public ModelKeeper {
 public:
  explicit FolderModels(std::string folder) : folder_(std::move(folder)) {}

  bool shared() const override { return false; }
  std::vector<int64_t> Numbers(storage::Session&) const override;
  bool Has(storage::Session&, const std::string& model_id) const override;
  absl::StatusOr<StoredModel> Read(storage::Session&, const std::string& model_id) const override;
  // The errors of WriteModelFile.
  absl::Status Write(storage::WriteContext&, const StoredModel& model) const override;
  void Remove(storage::WriteContext&, const std::string& model_id) const override;

 private:
  std::string PathOf(const std::string& model_id) const;

  const std::string folder_;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_MODELS_FOLDER_MODELS_H_
