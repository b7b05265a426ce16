#include "common/storage/system/identity.h"

#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "common/schema/annotations.h"
#include "common/storage/sql/catalogue.h"

namespace clustr::storage {

using google::protobuf::Descriptor;
using schema::CellType;

namespace {

std::string ReadValue(Session& session, const std::string& name) {
  Statement& query = session.Prepared("SELECT value FROM clustr_identity WHERE name = :n",
                                      {CellType::kText}, {CellType::kText});
  query.SetText(0, name);
  query.Execute();
  std::string value;
  while (query.Fetch()) value = query.text(0);
  return value;
}

void WriteValue(Session& session, const std::string& name, const std::string& value) {
  Statement& insert =
      session.Prepared("INSERT INTO clustr_identity (name, value) VALUES (:n, :v) "
                       "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                       {CellType::kText, CellType::kText});
  insert.SetText(0, name);
  insert.SetText(1, value);
  insert.Change();
}

// A database of a version that recorded no identity: true if the tables of models in it, if there
// are any, include one of ours.
bool MayBeOurs(Session& session, const std::vector<const Descriptor*>& models) {
  if (!HasTable(session, "clustr_columns")) return true;
  if (session.Integer("SELECT count(*) FROM clustr_columns") == 0) return true;
  for (const Descriptor* model : models) {
    if (session.Integer(absl::StrCat("SELECT count(*) FROM clustr_columns WHERE table_name = '",
                                     schema::TableOptions(*model)->name(), "'")) > 0) {
      return true;
    }
  }
  return false;
}

int64_t MarkOf(const std::string& store_id) {
  int64_t mark = 0;
  return absl::SimpleHexAtoi(store_id.substr(0, 15), &mark) ? mark : -1;
}

absl::Status Refusal(absl::string_view why) {
  return absl::FailedPreconditionError(absl::StrCat(why, "; give another --database"));
}

}  // namespace

std::string ServiceOf(const Descriptor& model) {
  const std::vector<std::string> parts = absl::StrSplit(model.file()->package(), '.');
  return parts.size() > 1 ? parts[1] : parts[0];
}

void MarkHistory(Session& session, const std::string& store_id) {
  Statement& mark = session.Prepared(
      "INSERT INTO clustr_counters (name, value) VALUES ('history', :v) "
      "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      {CellType::kInteger});
  mark.SetInteger(0, MarkOf(store_id));
  mark.Change();
}

bool WalFitsDatabase(Session& session) {
  if (!HasTable(session, "clustr_counters") || !HasTable(session, "clustr_histories")) return true;
  const int64_t mark = session.Integer("SELECT value FROM clustr_counters WHERE name = 'history'");
  if (mark == 0) return true;  // A version without marks wrote the database.
  Statement query(session, "SELECT store_id FROM clustr_histories ORDER BY seq DESC LIMIT 1", {},
                  {CellType::kText});
  query.Execute();
  std::string newest;
  while (query.Fetch()) newest = query.text(0);
  return mark == MarkOf(newest);
}

absl::StatusOr<bool> CheckClaim(Session& session, const std::vector<const Descriptor*>& models) {
  if (models.empty()) return true;
  const std::string service = ServiceOf(*models.front());
  const std::string owner = ReadValue(session, "service");
  if (owner != service) {
    return Refusal(
        absl::StrCat("the database belongs to clustr-", owner, ", not to clustr-", service));
  }
  int64_t format = 0;
  if (!absl::SimpleAtoi(ReadValue(session, "format"), &format) || format > kDatabaseFormat) {
    return absl::FailedPreconditionError(
        absl::StrCat("the database was written by a newer version of clustr-", service,
                     "; start that version, or give another --database"));
  }
  return format == kDatabaseFormat;
}

absl::Status ClaimDatabase(Session& session, const std::vector<const Descriptor*>& models) {
  if (models.empty()) return absl::OkStatus();
  const std::string service = ServiceOf(*models.front());
  if (HasTable(session, "clustr_identity")) {
    CLUSTR_ASSIGN_OR_RETURN(const bool newest, CheckClaim(session, models));
    if (!newest) WriteValue(session, "format", absl::StrCat(kDatabaseFormat));
    return absl::OkStatus();
  }
  if (!HasTable(session, "clustr_counters") && !TableNames(session).empty()) {
    return Refusal("the database belongs to another program");
  }
  if (!MayBeOurs(session, models)) {
    return Refusal(absl::StrCat("the database belongs to another service than clustr-", service));
  }
  session.Define(R"sql(
    CREATE TABLE clustr_identity (
      name TEXT PRIMARY KEY NOT NULL,
      value TEXT NOT NULL
    ) WITHOUT ROWID)sql");
  WriteValue(session, "service", service);
  WriteValue(session, "format", absl::StrCat(kDatabaseFormat));
  return absl::OkStatus();
}

}  // namespace clustr::storage
