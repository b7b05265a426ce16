#include "common/storage/table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/schema/annotations.h"
#include "common/schema/text.h"
#include "common/storage/server/grouped_writes.h"
#include "common/storage/sql/array_text.h"

namespace clustr::storage {

using google::protobuf::Descriptor;
using google::protobuf::Message;
using schema::Cell;
using schema::CellType;
using schema::Column;

namespace {

// A row that was removed before has its tombstone still.
constexpr char kNewestRemoval[] =
    "ON CONFLICT (table_name, id) DO UPDATE SET revision = excluded.revision";

}  // namespace

Table::Table(const Descriptor& message)
    : model_(&message),
      name_(schema::TableOptions(message)->name()),
      resource_(schema::TableOptions(message)->resource()),
      id_(schema::IdField(message)),
      columns_(schema::ColumnsOf(message)) {
  std::vector<std::string> names;
  std::vector<std::string> places;
  std::vector<std::string> settings;
  for (const Column& column : columns_) {
    types_.push_back(column.type);
    names.push_back(column.name);
    places.push_back(":" + column.name);
    settings.push_back(absl::StrCat(column.name, " = :", column.name));
  }
  form_ = std::make_shared<const RowForm>(RowForm{name_, names, types_});
  select_ = absl::StrCat("SELECT ", absl::StrJoin(names, ", "), " FROM ", name_);
  insert_ = absl::StrCat("INSERT INTO ", name_, " (", absl::StrJoin(names, ", "), ") VALUES (",
                         absl::StrJoin(places, ", "), ")");
  count_ = absl::StrCat("SELECT value FROM clustr_counters WHERE name = 'rows:", name_, "'");
  if (id_ == nullptr) return;
  const std::string& id = id_->name();
  const std::string& cluster = schema::TableOptions(message)->cluster_by();
  get_ = absl::StrCat(select_, " WHERE ", id, " = :id");
  update_ = absl::StrCat("UPDATE ", name_, " SET ", absl::StrJoin(settings, ", "), " WHERE ", id,
                         " = :id");
  delete_ = absl::StrCat("DELETE FROM ", name_, " WHERE ", id, " = :id");
  scan_ = absl::StrCat(select_, " WHERE ", id, " > :after ORDER BY ", id, " LIMIT :limit");
  if (!cluster.empty()) {
    scan_cluster_ = absl::StrCat(select_, " WHERE ", cluster, " = :value ORDER BY ", id);
    bury_cluster_ =
        absl::StrCat("INSERT INTO tombstones (table_name, id, revision) SELECT :t, ", id, ", :r FROM ",
                     name_, " WHERE ", cluster, " = :value ", kNewestRemoval);
    delete_cluster_ = absl::StrCat("DELETE FROM ", name_, " WHERE ", cluster, " = :value");
  }
}

size_t Table::ColumnOf(const google::protobuf::FieldDescriptor& field) const {
  const auto at = std::find_if(columns_.begin(), columns_.end(),
                               [&](const Column& column) { return column.field == &field; });
  return static_cast<size_t>(at - columns_.begin());
}

void Table::BindRow(const Message& row, Statement& statement) const {
  const google::protobuf::Reflection& reflection = *row.GetReflection();
  for (size_t i = 0; i < columns_.size(); ++i) {
    schema::ReadCell(row, reflection, columns_[i], &statement.parameter(i));
  }
}

void Table::FetchRows(Session& session, Statement& query,
                      absl::FunctionRef<Message*()> next) const {
  while (query.Fetch()) {
    Message* row = next();
    const google::protobuf::Reflection& reflection = *row->GetReflection();
    bool broken = false;
    for (size_t i = 0; i < columns_.size(); ++i) {
      const Cell& cell = query.result(i);
      schema::WriteCell(cell, columns_[i], reflection, row);
      broken = broken ||
               (columns_[i].type == CellType::kText && !cell.null && !schema::IsUtf8(cell.text));
    }
    if (broken) MakeReadable(session, query, row);
  }
}

void Table::MakeReadable(Session& session, const Statement& query, Message* row) const {
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].type != CellType::kText || query.result(i).null) continue;
    Cell cell;
    cell.text = session.broken_texts().Readable(name_, id_ == nullptr ? 0 : Id(*row),
                                                columns_[i].name, query.result(i).text);
    schema::WriteCell(cell, columns_[i], *row->GetReflection(), row);
  }
}

bool Table::Get(Session& session, int64_t id, Message* row) const {
  Statement& query = session.Prepared(get_, {CellType::kInteger}, types_);
  query.SetInteger(0, id);
  if (GroupedWrites* grouped = session.grouped()) {
    schema::Cell key;
    key.integer = id;
    if (grouped->rows().Has(form_, ColumnOf(*id_), key)) grouped->Settle(/*changes=*/false);
    auto& known = grouped->found().rows(form_);
    if (const auto found = known.find(id); found != known.end()) {
      if (!found->second.has_value()) return false;
      for (size_t i = 0; i < columns_.size(); ++i) {
        schema::WriteCell((*found->second)[i], columns_[i], *row->GetReflection(), row);
      }
      return true;
    }
  }
  query.ExecuteBesideWaiting();
  bool found = false;
  FetchRows(session, query, [&] {
    found = true;
    return row;
  });
  return found;
}

int64_t Table::FindId(Session& session, const Column& column, const Cell& value) const {
  Statement& query = session.Prepared(
      absl::StrCat("SELECT ", id_->name(), " FROM ", name_, " WHERE ", column.name, " = :value"),
      {column.type}, {CellType::kInteger});
  query.parameter(0) = value;
  if (GroupedWrites* grouped = session.grouped()) {
    const size_t place = ColumnOf(*column.field);
    if (grouped->rows().Has(form_, place, value)) grouped->Settle(/*changes=*/false);
    const auto& known = grouped->found().ids(form_, place);
    if (const auto found = known.find(value.text); found != known.end()) return found->second;
  }
  query.ExecuteBesideWaiting();
  int64_t id = 0;
  while (query.Fetch()) id = query.integer(0);
  return id;
}

void Table::LookAhead(Session& session, absl::Span<const int64_t> ids) const {
  GroupedWrites* const grouped = session.grouped();
  if (grouped == nullptr || ids.empty()) return;
  Statement& query = session.Prepared(
      absl::StrCat(select_, " WHERE ", id_->name(), " = ANY(CAST(:ids AS BIGINT[]))"),
      {CellType::kText}, types_);
  query.SetText(0, ArrayText(ids));
  query.Execute();
  auto& known = grouped->found().rows(form_);
  for (const int64_t id : ids) known[id].reset();
  const size_t id_place = ColumnOf(*id_);
  while (query.Fetch()) {
    auto& row = known[query.integer(id_place)].emplace();
    for (size_t i = 0; i < columns_.size(); ++i) row.push_back(query.result(i));
  }
}

void Table::LookAhead(Session& session, const Column& column,
                      absl::Span<const std::string> values) const {
  GroupedWrites* const grouped = session.grouped();
  if (grouped == nullptr || values.empty()) return;
  Statement& query =
      session.Prepared(absl::StrCat("SELECT ", column.name, ", ", id_->name(), " FROM ", name_,
                                    " WHERE ", column.name, " = ANY(CAST(:values AS TEXT[]))"),
                       {CellType::kText}, {CellType::kText, CellType::kInteger});
  query.SetText(0, ArrayText(values));
  query.Execute();
  auto& known = grouped->found().ids(form_, ColumnOf(*column.field));
  for (const std::string& value : values) known[value] = 0;
  while (query.Fetch()) known[query.text(0)] = query.integer(1);
}

void Table::Insert(Session& session, const Message& row) const {
  if (session.grouped() != nullptr) {
    std::vector<Cell> cells(columns_.size());
    for (size_t i = 0; i < columns_.size(); ++i) schema::ReadCell(row, columns_[i], &cells[i]);
    return Insert(session, absl::MakeSpan(cells));
  }
  Statement& insert = session.Prepared(insert_, types_);
  BindRow(row, insert);
  insert.Change();
}

void Table::Insert(Session& session, absl::Span<Cell> cells) const {
  if (GroupedWrites* grouped = session.grouped()) {
    grouped->rows().Add(form_, cells);
    return grouped->SettleIfLarge();
  }
  Statement& insert = session.Prepared(insert_, types_);
  for (size_t i = 0; i < cells.size(); ++i) std::swap(insert.parameter(i), cells[i]);
  insert.Change();
}

void Table::Update(Session& session, const Message& row) const {
  std::vector<CellType> types = types_;
  types.push_back(CellType::kInteger);
  Statement& update = session.Prepared(update_, types);
  BindRow(row, update);
  update.SetInteger(columns_.size(), Id(row));
  if (GroupedWrites* grouped = session.grouped()) {
    grouped->SettleForRow(form_, Id(row));
    update.ChangeBesideWaiting();
  } else {
    update.Change();
  }
  session.broken_texts().Forget(name_, Id(row));
}

void Table::Delete(Session& session, int64_t id, int64_t revision) const {
  Statement& remove = session.Prepared(delete_, {CellType::kInteger});
  remove.SetInteger(0, id);
  remove.Change();
  session.broken_texts().Forget(name_, id);
  Statement& bury = session.Prepared(
      absl::StrCat("INSERT INTO tombstones (table_name, id, revision) VALUES (:t, :id, :r) ",
                   kNewestRemoval),
      {CellType::kText, CellType::kInteger, CellType::kInteger});
  bury.SetText(0, name_);
  bury.SetInteger(1, id);
  bury.SetInteger(2, revision);
  bury.Change();
}

int64_t Table::DeleteCluster(Session& session, int64_t value, int64_t revision) const {
  Statement& bury =
      session.Prepared(bury_cluster_, {CellType::kText, CellType::kInteger, CellType::kInteger});
  bury.SetText(0, name_);
  bury.SetInteger(1, revision);
  bury.SetInteger(2, value);
  bury.Change();
  Statement& remove = session.Prepared(delete_cluster_, {CellType::kInteger});
  remove.SetInteger(0, value);
  return remove.Change();
}

int64_t Table::RemovedAt(Session& session, int64_t id) const {
  Statement& query =
      session.Prepared("SELECT revision FROM tombstones WHERE table_name = :t AND id = :id",
                       {CellType::kText, CellType::kInteger}, {CellType::kInteger});
  query.SetText(0, name_);
  query.SetInteger(1, id);
  query.Execute();
  int64_t revision = 0;
  while (query.Fetch()) revision = query.integer(0);
  return revision;
}

void Table::ForgetRemoval(Session& session, int64_t id) const {
  Statement& forget = session.Prepared("DELETE FROM tombstones WHERE table_name = :t AND id = :id",
                                       {CellType::kText, CellType::kInteger});
  forget.SetText(0, name_);
  forget.SetInteger(1, id);
  forget.Change();
}

void Table::Scan(Session& session, int64_t after_id, int64_t limit,
                 absl::FunctionRef<Message*()> next) const {
  Statement& query = session.Prepared(scan_, {CellType::kInteger, CellType::kInteger}, types_);
  query.SetInteger(0, after_id);
  query.SetInteger(1, limit);
  query.Execute();
  FetchRows(session, query, next);
}

void Table::ScanCluster(Session& session, int64_t value, absl::FunctionRef<Message*()> next) const {
  Statement& query = session.Prepared(scan_cluster_, {CellType::kInteger}, types_);
  query.SetInteger(0, value);
  query.Execute();
  FetchRows(session, query, next);
}

void Table::Select(Session& session, const BoundSql& tail,
                   absl::FunctionRef<Message*()> next) const {
  // Not Session::Prepared, which would keep a statement for every filter ever sent.
  Statement query(session, select_ + tail.text, tail.types, types_);
  for (size_t i = 0; i < tail.values.size(); ++i) query.parameter(i) = tail.values[i];
  query.Execute();
  FetchRows(session, query, next);
}

int64_t Table::CountWhere(Session& session, const BoundSql& condition) const {
  Statement query(session, absl::StrCat("SELECT COUNT(*) FROM ", name_, " WHERE ", condition.text),
                  condition.types, {CellType::kInteger});
  for (size_t i = 0; i < condition.values.size(); ++i) query.parameter(i) = condition.values[i];
  query.Execute();
  int64_t rows = 0;
  while (query.Fetch()) rows = query.integer(0);
  return rows;
}

int64_t Table::Count(Session& session) const { return session.Integer(count_); }

}  // namespace clustr::storage
