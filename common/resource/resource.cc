#include "common/resource/resource.h"

namespace clustr::resource {

absl::Status RowsNotFound(const storage::Table& table, const std::vector<int64_t>& ids) {
  constexpr size_t kMaxNamed = 20;
  std::string named;
  for (size_t i = 0; i < ids.size() && i < kMaxNamed; ++i) {
    absl::StrAppend(&named, i == 0 ? "" : ", ", ids[i]);
  }
  if (ids.size() > kMaxNamed) absl::StrAppend(&named, " and ", ids.size() - kMaxNamed, " more");
  return NotFoundError(table.resource(), named);
}

absl::Status CheckRevision(const storage::Table& table, int64_t expected, int64_t stored) {
  if (expected == 0 || expected == stored) return absl::OkStatus();
  return MakeError(common::v1::ERROR_REASON_REVISION_MISMATCH,
                   absl::StrCat("revision: ", expected, " was expected but the ",
                                schema::ResourceWord(table.model()), " is at ", stored,
                                "; read it again and decide anew"));
}

}  // namespace clustr::resource
