#include "common/storage/sql/catalogue.h"

#include <algorithm>

namespace clustr::storage {

using schema::CellType;

namespace {

constexpr char kSqliteTables[] = R"sql(
  SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'
  ORDER BY name)sql";
constexpr char kServerTables[] = R"sql(
  SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename)sql";

constexpr char kSqliteIndexes[] = R"sql(
  SELECT name, sql FROM sqlite_master
  WHERE type = 'index' AND tbl_name = :t AND sql IS NOT NULL)sql";
// In the words of our own statements, all of which index one column.
constexpr char kServerIndexes[] = R"sql(
  SELECT names.relname,
         'CREATE ' || CASE WHEN indisunique THEN 'UNIQUE ' ELSE '' END || 'INDEX ' ||
         names.relname || ' ON ' || tables.relname || ' (' ||
         CASE WHEN indnatts = 1 THEN attname ELSE '' END || ')' ||
         CASE WHEN indpred IS NULL THEN '' ELSE ' WHERE ' || attname || ' IS NOT NULL' END
  FROM pg_index
       JOIN pg_class names ON names.oid = indexrelid
       JOIN pg_class tables ON tables.oid = indrelid
       JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
  WHERE tables.relname = :t AND tables.relnamespace = CAST(current_schema() AS regnamespace)
        AND NOT indisprimary)sql";

constexpr char kSqliteColumns[] = R"sql(
  SELECT name, type, "notnull", pk FROM pragma_table_info(:t))sql";
constexpr char kServerColumns[] = R"sql(
  SELECT attname, upper(format_type(atttypid, NULL)), CAST(attnotnull AS INTEGER),
         COALESCE(array_position(string_to_array(CAST(indkey AS TEXT), ' '), CAST(attnum AS TEXT)), 0)
  FROM pg_attribute
       JOIN pg_class ON pg_class.oid = attrelid
       LEFT JOIN pg_index ON indrelid = attrelid AND indisprimary
  WHERE relname = :t AND relnamespace = CAST(current_schema() AS regnamespace)
        AND attnum > 0 AND NOT attisdropped
  ORDER BY attnum)sql";

}  // namespace

std::vector<std::string> TableNames(Session& session) {
  const bool sqlite = session.dialect() == Dialect::kSqlite;
  Statement& query =
      session.Prepared(sqlite ? kSqliteTables : kServerTables, {}, {CellType::kText});
  query.Execute();
  std::vector<std::string> names;
  while (query.Fetch()) names.push_back(query.text(0));
  return names;
}

bool HasTable(Session& session, const std::string& name) {
  const std::vector<std::string> names = TableNames(session);
  return std::binary_search(names.begin(), names.end(), name);
}

std::map<std::string, std::string> StoredIndexes(Session& session, const std::string& table) {
  const bool sqlite = session.dialect() == Dialect::kSqlite;
  Statement& query = session.Prepared(sqlite ? kSqliteIndexes : kServerIndexes, {CellType::kText},
                                      {CellType::kText, CellType::kText});
  query.SetText(0, table);
  query.Execute();
  std::map<std::string, std::string> stored;
  while (query.Fetch()) stored[query.text(0)] = query.text(1);
  return stored;
}

std::vector<StoredColumn> StoredColumns(Session& session, const std::string& table) {
  const bool sqlite = session.dialect() == Dialect::kSqlite;
  Statement query(session, sqlite ? kSqliteColumns : kServerColumns, {CellType::kText},
                  {CellType::kText, CellType::kText, CellType::kInteger, CellType::kInteger});
  query.SetText(0, table);
  query.Execute();
  std::vector<StoredColumn> columns;
  while (query.Fetch()) {
    columns.push_back({query.text(0), query.text(1), query.integer(2) != 0, query.integer(3)});
  }
  return columns;
}

}  // namespace clustr::storage
