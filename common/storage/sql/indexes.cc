#include "common/storage/sql/indexes.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "common/schema/annotations.h"
#include "common/schema/field.h"
#include "common/storage/sql/catalogue.h"

namespace clustr::storage {

using google::protobuf::Descriptor;
using schema::CellType;
using schema::Column;

namespace {

std::string IndexName(const std::string& table, const std::string& column) {
  return absl::StrCat(table, "_", column);
}

std::string IndexSql(absl::string_view kind, const std::string& table, const std::string& column) {
  return absl::StrCat("CREATE ", kind, " IF NOT EXISTS ", IndexName(table, column), " ON ", table,
                      " (", column, ")");
}

}  // namespace

std::map<std::string, std::string> IndexStatements(const Descriptor& message) {
  const options::v1::Table& options = *schema::TableOptions(message);
  std::map<std::string, std::string> indexes;
  for (const Column& column : schema::ColumnsOf(message)) {
    const options::v1::Field& field = schema::FieldOptions(*column.field);
    const bool is_id = column.field->name() == options.id();
    if (is_id && options.cluster_by().empty()) continue;
    std::string sql;
    if (field.unique() || is_id) {
      sql = IndexSql("UNIQUE INDEX", options.name(), column.name);
      // A partial index, so that rows without a value cost nothing.
      if (column.nullable) absl::StrAppend(&sql, " WHERE ", column.name, " IS NOT NULL");
    } else if (field.indexed() || (options.revision_index() && column.name == "revision")) {
      sql = IndexSql("INDEX", options.name(), column.name);
    }
    if (!sql.empty()) indexes[IndexName(options.name(), column.name)] = std::move(sql);
  }
  return indexes;
}

std::vector<std::string> OldIndexes(Session& session, const Descriptor& message,
                                    const std::vector<std::string>& columns) {
  const std::string& table = schema::TableOptions(message)->name();
  const std::map<std::string, std::string> wanted = IndexStatements(message);
  const std::map<std::string, std::string> stored = StoredIndexes(session, table);
  std::vector<std::string> names;
  for (const std::string& column : columns) {
    const auto old = stored.find(IndexName(table, column));
    if (old == stored.end()) continue;
    const auto index = wanted.find(old->first);
    if (index == wanted.end() ||
        absl::StrReplaceAll(index->second, {{" IF NOT EXISTS", ""}}) != old->second) {
      names.push_back(old->first);
    }
  }
  return names;
}

void DropOldIndexes(Session& session, const Descriptor& message,
                    const std::vector<std::string>& columns) {
  for (const std::string& name : OldIndexes(session, message, columns)) {
    session.Run(absl::StrCat("DROP INDEX ", name));
  }
}

std::string WhyNotUnique(Session& session, const Descriptor& message) {
  const options::v1::Table& options = *schema::TableOptions(message);
  const std::map<std::string, std::string> stored = StoredIndexes(session, options.name());
  for (const Column& column : schema::ColumnsOf(message)) {
    if (!schema::FieldOptions(*column.field).unique() ||
        stored.contains(IndexName(options.name(), column.name))) {
      continue;
    }
    // The values may be personal data, so the message names only rows.
    Statement& query = session.Prepared(
        absl::StrCat("SELECT MIN(", options.id(), "), MAX(", options.id(), ") FROM ",
                     options.name(), " WHERE ", column.name, " IS NOT NULL GROUP BY ", column.name,
                     " HAVING COUNT(*) > 1 ORDER BY 1 LIMIT 1"),
        {}, {CellType::kInteger, CellType::kInteger});
    query.Execute();
    std::string rows;
    while (query.Fetch()) rows = absl::StrCat(query.integer(0), " and ", query.integer(1));
    if (!rows.empty()) {
      return absl::StrCat("field ", column.field->name(),
                          " is now unique, but some rows share a value, for example ", options.id(),
                          " ", rows,
                          "; change one of them with the previous version, or remove `unique` "
                          "from the field");
    }
  }
  return "";
}

}  // namespace clustr::storage
