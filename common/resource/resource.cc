#include "common/resource/resource.h"

namespace clustr::resource {

absl::Status RowsNotFound(const storage::Table& table, const std::vector<int64_t>& ids,
                          const std::vector<std::string>& keys) {
  std::vector<std::string> texts;
  for (const int64_t id : ids) texts.push_back(absl::StrCat(id));
  const auto& key = *schema::KeyFields(table.model()).front();
  return NotFoundError(table.resource(), texts,
                       {key.name(), keys, schema::FieldOptions(key).personal()});
}

absl::Status CheckRevision(const storage::Table& table, int64_t expected, int64_t stored) {
  if (expected == 0 || expected == stored) return absl::OkStatus();
  return MakeError(
      common::v1::ERROR_REASON_REVISION_MISMATCH,
      absl::StrCat("revision: ", expected, " was expected but the ",
                   schema::ResourceWord(table.model()), " is at ", stored,
                   "; read it again and decide anew"),
      {{"revision", absl::StrCat(expected)}, {"current_revision", absl::StrCat(stored)}});
}

}  // namespace clustr::resource
