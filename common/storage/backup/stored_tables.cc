#include "common/storage/backup/stored_tables.h"

#include <algorithm>
#include <map>
#include <utility>

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

// The model whose rows a table has; null if there is none.
const Descriptor* ModelOf(absl::string_view table, const std::vector<const Descriptor*>& models) {
  const auto at = std::find_if(models.begin(), models.end(), [&](const Descriptor* model) {
    return schema::TableOptions(*model)->name() == table;
  });
  return at == models.end() ? nullptr : *at;
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

// A column of a table, and which field of the table's model it holds; 0 if none.
struct NumberedColumn {
  StoredColumn stored;
  int number = 0;
};

// The columns of a table as a backup has them. Those of a model come in the order in which a new
// table gets them, wherever upgrades have put them, and without those of fields that were removed
// for good, which nobody reads: so equal rows make equal backups.
std::vector<NumberedColumn> ColumnsForBackup(Session& session, const std::string& table,
                                             const Descriptor* model) {
  const std::map<std::string, int> numbers = FieldNumbers(session, table);
  std::vector<NumberedColumn> columns;
  for (StoredColumn& stored : StoredColumns(session, table)) {
    const auto number = numbers.find(stored.name);
    columns.push_back({std::move(stored), number == numbers.end() ? 0 : number->second});
  }
  if (model == nullptr) return columns;
  std::vector<NumberedColumn> ordered;
  for (const schema::Column& own : schema::ColumnsOf(*model)) {
    const auto at = std::find_if(columns.begin(), columns.end(), [&](const NumberedColumn& column) {
      return column.number == own.field->number();
    });
    if (at != columns.end()) ordered.push_back(std::move(*at));
  }
  return ordered;
}

StoredTable Describe(Session& session, const std::string& name, const Descriptor* model) {
  StoredTable table;
  table.description.set_name(name);
  std::map<int64_t, std::string> key;  // By the place in the key.
  for (const auto& [stored, number] : ColumnsForBackup(session, name, model)) {
    ops::v1::BackupTableColumn& column = *table.description.add_columns();
    column.set_name(stored.name);
    column.set_type(TypeText(stored.type, stored.not_null || stored.key_place > 0));
    if (number > 0) column.set_field_number(number);
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
    const Descriptor* model = ModelOf(name, models);
    tables.push_back(Describe(session, name, model));
    // What belongs to the shop rather than to one server.
    tables.back().description.set_shop_data(model != nullptr || name == "tombstones" ||
                                            name == "request_log");
  }
  return tables;
}

}  // namespace clustr::storage
