#include "services/bundles/models/folder_models.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "services/bundles/program/whole_files.h"

namespace clustr::bundles {

std::string FolderModels::PathOf(const std::string& model_id) const {
  return absl::StrCat(folder_, "/", model_id, kModelSuffix);
}

std::vector<int64_t> FolderModels::Numbers(storage::Session&) const {
  std::vector<int64_t> numbers;
  // One that cannot be listed has none; ProblemOfFolder tells the operator.
  const absl::StatusOr<std::vector<std::string>> files = NamesInFolder(folder_);
  if (!files.ok()) return numbers;
  for (const std::string& file : *files) {
    if (const int64_t number = NumberOfModelFile(file); number > 0) numbers.push_back(number);
  }
  return numbers;
}

bool FolderModels::Has(storage::Session&, const std::string& model_id) const {
  std::error_code error;
  return std::filesystem::exists(PathOf(model_id), error);
}

absl::StatusOr<StoredModel> FolderModels::Read(storage::Session&,
                                               const std::string& model_id) const {
  absl::StatusOr<StoredModel> stored = ReadModelFile(PathOf(model_id));
  if (!stored.ok() || stored->info.model_id() == model_id) return stored;
  return absl::DataLossError(
      absl::StrCat("the model file ", PathOf(model_id), " is that of another model, ",
                   Quoted(stored->info.model_id()), "; give it that name again, or remove it"));
}

absl::Status FolderModels::Write(storage::WriteContext&, const StoredModel& model) const {
  std::error_code error;
  if (std::filesystem::create_directories(folder_, error)) {
    std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, error);
  }
  return WriteModelFile(PathOf(model.info.model_id()), model);
}

void FolderModels::Remove(storage::WriteContext&, const std::string& model_id) const {
  std::error_code error;
  std::filesystem::remove(PathOf(model_id), error);
}

}  // namespace clustr::bundles
