#include "common/resource/resource.h"

#include "absl/strings/str_join.h"

namespace clustr::resource {

namespace {

constexpr size_t kMaxNamed = 20;

// The first 20 texts, and the number of the others.
std::string Named(const std::vector<std::string>& texts) {
  const size_t named = std::min(texts.size(), kMaxNamed);
  std::string all = absl::StrJoin(texts.begin(), texts.begin() + named, ", ");
  if (texts.size() > named) absl::StrAppend(&all, " and ", texts.size() - named, " more");
  return all;
}

}  // namespace

absl::Status RowsNotFound(const storage::Table& table, const std::vector<int64_t>& ids,
                          const std::vector<std::string>& keys) {
  std::vector<std::string> texts;
  for (const int64_t id : ids) texts.push_back(absl::StrCat(id));
  std::string named = Named(texts);
  if (keys.empty()) return NotFoundError(table.resource(), named);
  if (!ids.empty()) absl::StrAppend(&named, ", and none ");
  texts.clear();
  for (const std::string& key : keys) texts.push_back(Quoted(key));
  absl::StrAppend(&named, "with ", schema::KeyFields(table.model()).front()->name(), " ",
                  Named(texts));
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
