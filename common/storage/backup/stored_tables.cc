#include "common/storage/backup/stored_tables.h"

#include <algorithm>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/schema/annotations.h"
#include "common/storage/sql/catalogue.h"

namespace clustr::storage {

using google::protobuf::Descriptor;
using schema::CellType;

namespace {

bool IsLeftOut(absl::string_view table) {
  return table == "clustr_identity" || table == "clustr_columns";
}

// What belongs to the shop rather than to one server.
bool IsShopData(absl::string_view table, const std::vector<const Descriptor*>& models) {
  return table == "tombstones" || table == "request_log" ||
         std::any_of(models.begin(), models.end(), [&](const Descriptor* model) {
           return schema::TableOptions(*model)->name() == table;
         });
}

// The field numbers of a model's columns, by the name of the column.
std::map<std::string, int> FieldNumbers(Session& session, const std::string& table) {
  Statement query(session,
                  "SELECT column_name, field_number FROM clustr_columns WHERE table_name = :t",
                  {CellType::kText}, {CellType::kText, CellType::kInteger});
  query.SetText(0, table);
  query.Execute();
  std::map<std::string, int> numbers;
  while (query.Fetch()) numbers[query.text(0)] = static_cast<int>(query.integer(1));
  return numbers;
}

// `INTEGER` is how SQLite spells the BIGINT of a primary key.
std::string TypeText(const std::string& declared, bool not_null) {
  return absl::StrCat(declared == "INTEGER" ? "BIGINT" : declared, not_null ? " NOT NULL" : "");
}

StoredTable Describe(Session& session, const std::string& name) {
  StoredTable table;
  table.description.set_name(name);
  const std::map<std::string, int> numbers = FieldNumbers(session, name);
  std::map<int64_t, std::string> key;  // By the place in the key.
  for (const StoredColumn& stored : StoredColumns(session, name)) {
    ops::v1::BackupTableColumn& column = *table.description.add_columns();
    column.set_name(stored.name);
    column.set_type(TypeText(stored.type, stored.not_null || stored.key_place > 0));
    const auto number = numbers.find(stored.name);
    if (number != numbers.end()) column.set_field_number(number->second);
    table.types.push_back(TypeOf(column));
    if (stored.key_place > 0) key[stored.key_place] = stored.name;
  }
  table.order = absl::StrJoin(
      key, ", ", [](std::string* out, const auto& column) { absl::StrAppend(out, column.second); });
  if (key.empty()) table.order = "rowid";
  return table;
}

}  // namespace

CellType TypeOf(const ops::v1::BackupTableColumn& column) {
  if (absl::StartsWith(column.type(), "BIGINT")) return CellType::kInteger;
  return absl::StartsWith(column.type(), "TEXT") ? CellType::kText : CellType::kReal;
}

std::vector<StoredTable> StoredTables(Session& session,
                                      const std::vector<const Descriptor*>& models) {
  std::vector<StoredTable> tables;
  for (const std::string& name : TableNames(session)) {
    if (IsLeftOut(name)) continue;
    tables.push_back(Describe(session, name));
    tables.back().description.set_shop_data(IsShopData(name, models));
  }
  return tables;
}

}  // namespace clustr::storage
