#include "common/storage/system/lagging_counters.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/schema/annotations.h"
#include "common/schema/value_rules.h"

namespace clustr::storage {

void RaiseLaggingIds(Session& session,
                     const std::vector<const google::protobuf::Descriptor*>& models,
                     Counters* tables) {
  for (const auto* model : models) {
    const auto* id = schema::IdField(*model);
    if (id == nullptr) continue;
    const std::string& table = schema::TableOptions(*model)->name();
    const std::string column = schema::ColumnName(*id);
    const int64_t row = session.Integer(absl::StrCat(
        "SELECT max(", column, ") FROM ", table, " WHERE ", column, " <= ", schema::kMaxGivenId));
    const int64_t removed =
        session.Integer(absl::StrCat("SELECT max(id) FROM tombstones WHERE table_name = '", table,
                                     "' AND id <= ", schema::kMaxGivenId));
    const int64_t taken = std::max({int64_t{0}, row, removed});
    int64_t& last_id = (*tables)[table].last_id;
    if (last_id >= taken) continue;
    Log(LogLevel::kWarning, "id counter raised",
        {{"table", table}, {"from", absl::StrCat(last_id)}, {"to", absl::StrCat(taken)}});
    last_id = taken;
  }
}

void RaiseLaggingHead(Session& session,
                      const std::vector<const google::protobuf::Descriptor*>& models,
                      int64_t* head_revision) {
  int64_t taken = 0;
  for (const auto* model : models) {
    const auto* revision = schema::RevisionField(*model);
    if (revision == nullptr) continue;
    const std::string& table = schema::TableOptions(*model)->name();
    const std::string column = schema::ColumnName(*revision);
    const int64_t row = session.Integer(absl::StrCat(
        "SELECT max(", column, ") FROM ", table, " WHERE ", column, " <= ", schema::kMaxId));
    const int64_t removed =
        session.Integer(absl::StrCat("SELECT max(revision) FROM tombstones WHERE table_name = '",
                                     table, "' AND revision <= ", schema::kMaxId));
    taken = std::max({taken, row, removed});
  }
  if (*head_revision >= taken) return;
  Log(LogLevel::kWarning, "head revision raised",
      {{"from", absl::StrCat(*head_revision)}, {"to", absl::StrCat(taken)}});
  *head_revision = taken;
}

}  // namespace clustr::storage
