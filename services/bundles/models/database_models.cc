#include "services/bundles/models/database_models.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "services/bundles/program/file_rows.h"

namespace clustr::bundles {
namespace {

std::string NameOf(const std::string& model_id) { return absl::StrCat(model_id, kModelSuffix); }

}  // namespace

std::vector<int64_t> DatabaseModels::Numbers(storage::Session& session) const {
  std::vector<int64_t> numbers;
  for (const FileVersion& file : ListFileRows(session, kModelSuffix)) {
    if (const int64_t number = NumberOfModelFile(file.name); number > 0) numbers.push_back(number);
  }
  return numbers;
}

bool DatabaseModels::Has(storage::Session& session, const std::string& model_id) const {
  return HasFileRows(session, NameOf(model_id));
}

absl::StatusOr<StoredModel> DatabaseModels::Read(storage::Session& session,
                                                 const std::string& model_id) const {
  const std::string name = NameOf(model_id);
  const KeptAs kept = KeptAsFileRows(name, absl::StrCat("the model ", model_id));
  const std::optional<std::string> bytes = ReadFileRows(session, name);
  if (!bytes) return absl::NotFoundError(absl::StrCat(kept.what, " is gone"));
  absl::StatusOr<StoredModel> stored = DecodeModelFile(*bytes, kept);
  if (!stored.ok() || stored->info.model_id() == model_id) return stored;
  return absl::DataLossError(absl::StrCat(kept.what, " is another model, ",
                                          Quoted(stored->info.model_id()), "; ", kept.remedy));
}

absl::Status DatabaseModels::Write(storage::WriteContext& context, const StoredModel& model) const {
  WriteFileRows(context, NameOf(model.info.model_id()), EncodeModelFile(model));
  return absl::OkStatus();
}

void DatabaseModels::Remove(storage::WriteContext& context, const std::string& model_id) const {
  RemoveFileRows(context, NameOf(model_id));
}

}  // namespace clustr::bundles
