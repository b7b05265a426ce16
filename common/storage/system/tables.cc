#include "common/storage/system/tables.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/schema/annotations.h"
#include "common/storage/ddl.h"
#include "common/storage/server/privileges.h"
#include "common/storage/sql/catalogue.h"
#include "common/storage/system/identity.h"
#include "common/storage/system/system_tables.h"

namespace clustr::storage {

using google::protobuf::Descriptor;

namespace {

constexpr size_t kNamedParts = 5;
constexpr char kIdentity[] = "clustr_identity";

// The word that follows `mark` in a statement.
std::string WordAfter(absl::string_view statement, absl::string_view mark) {
  const size_t at = statement.find(mark) + mark.size();
  return std::string(statement.substr(at, statement.find_first_of(" (\n", at) - at));
}

// The tables that a store has, each with the names of its indexes.
using Tables = std::map<std::string, std::set<std::string>>;

Tables TablesOf(const std::vector<const Descriptor*>& models,
                const std::vector<std::string>& more) {
  std::vector<std::string> statements = SystemTableStatements();
  statements.insert(statements.end(), more.begin(), more.end());
  for (const Descriptor* model : models) {
    for (std::string& statement : CreateStatements(*model)) {
      statements.push_back(std::move(statement));
    }
  }
  Tables tables = {{"clustr_columns", {}}, {kIdentity, {}}};
  for (const std::string& statement : statements) {
    const std::string name = WordAfter(statement, "IF NOT EXISTS ");
    if (absl::StrContains(statement, "INDEX IF NOT EXISTS ")) {
      tables[WordAfter(statement, " ON ")].insert(name);
    } else {
      tables[name];
    }
  }
  return tables;
}

std::vector<std::string> Names(const Tables& tables) {
  std::vector<std::string> names;
  for (const auto& [name, indexes] : tables) names.push_back(name);
  return names;
}

std::vector<std::string> MissingParts(Session& session, const Tables& tables) {
  const std::vector<std::string> stored = TableNames(session);
  std::vector<std::string> missing;
  for (const auto& [table, indexes] : tables) {
    if (!std::binary_search(stored.begin(), stored.end(), table)) {
      missing.push_back(absl::StrCat("table ", table));
      continue;
    }
    const std::map<std::string, std::string> stored_indexes = StoredIndexes(session, table);
    for (const std::string& index : indexes) {
      if (!stored_indexes.contains(index)) missing.push_back(absl::StrCat("index ", index));
    }
  }
  return missing;
}

absl::Status Refusal(const std::vector<const Descriptor*>& models, absl::string_view what) {
  return absl::FailedPreconditionError(absl::StrCat(
      what, ", and with --schema=check nothing is made or changed; run clustr-",
      models.empty() ? "catalog or clustr-sales" : ServiceOf(*models.front()),
      " of this version once with --schema=create-and-exit, as the user who owns the tables"));
}

// CheckClaim, if the user may read whose database it is.
absl::StatusOr<bool> ReadClaim(Session& session, const std::vector<const Descriptor*>& models) {
  if (session.dialect() == Dialect::kPostgresql) {
    CLUSTR_RETURN_IF_ERROR(MayUseTables(session, {kIdentity}));
  }
  return CheckClaim(session, models);
}

}  // namespace

absl::Status MakeTables(Session& session, const std::vector<const Descriptor*>& models,
                        const std::vector<std::string>& more) {
  if (session.dialect() == Dialect::kPostgresql) {
    if (HasTable(session, kIdentity)) {
      CLUSTR_RETURN_IF_ERROR(ReadClaim(session, models).status());
    }
    CLUSTR_RETURN_IF_ERROR(MayMakeTables(session, Names(TablesOf(models, more))));
  }
  CLUSTR_RETURN_IF_ERROR(ClaimDatabase(session, models));
  for (const std::string& statement : SystemTableStatements()) session.Define(statement);
  for (const std::string& statement : more) session.Define(statement);
  for (const Descriptor* model : models) CLUSTR_RETURN_IF_ERROR(EvolveTable(session, *model));
  return absl::OkStatus();
}

absl::Status CheckTables(Session& session, const std::vector<const Descriptor*>& models,
                         const std::vector<std::string>& more) {
  if (!HasTable(session, kIdentity)) {
    return Refusal(models, "the database has none of the tables yet");
  }
  CLUSTR_ASSIGN_OR_RETURN(const bool newest_format, ReadClaim(session, models));
  const Tables tables = TablesOf(models, more);
  if (session.dialect() == Dialect::kPostgresql) {
    CLUSTR_RETURN_IF_ERROR(MayUseTables(session, Names(tables)));
  }
  std::vector<std::string> parts = MissingParts(session, tables);
  if (parts.empty()) {
    for (const Descriptor* model : models) {
      CLUSTR_ASSIGN_OR_RETURN(const std::vector<std::string> outdated,
                              OutdatedParts(session, *model));
      parts.insert(parts.end(), outdated.begin(), outdated.end());
    }
  }
  if (!newest_format) parts.push_back("the format of the database");
  if (parts.empty()) return absl::OkStatus();
  const size_t named = std::min(parts.size(), kNamedParts);
  const std::string others =
      named < parts.size() ? absl::StrCat(" and ", parts.size() - named, " more") : "";
  return Refusal(
      models, absl::StrCat("the tables are not those of this version (missing or old: ",
                           absl::StrJoin(parts.begin(), parts.begin() + named, ", "), others, ")"));
}

}  // namespace clustr::storage
