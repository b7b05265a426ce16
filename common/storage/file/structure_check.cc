#include "common/storage/file/structure_check.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace clustr::storage {

using schema::CellType;

std::string FindStructureDamage(Session& session, const std::string& table) {
  const std::string sql =
      table.empty() ? "PRAGMA integrity_check(1)" : absl::StrCat("PRAGMA quick_check(", table, ")");
  Statement check(session, sql, {}, {CellType::kText});
  check.Execute();
  std::string found;
  while (check.Fetch()) {
    if (found.empty() && check.text(0) != "ok") found = check.text(0);
  }
  return absl::StrReplaceAll(found, {{"\n", " "}});
}

std::vector<std::string> TablesOf(Session& session) {
  Statement query(session, "SELECT name FROM sqlite_master WHERE type = 'table'", {},
                  {CellType::kText});
  query.Execute();
  std::vector<std::string> names;
  while (query.Fetch()) names.push_back(query.text(0));
  return names;
}

}  // namespace clustr::storage
