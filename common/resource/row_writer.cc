#include "common/resource/row_writer.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace clustr::resource {

using google::protobuf::Message;
using schema::Column;

const Column* RowWriter::KeyColumn(const Message& row) const {
  for (const size_t place : keys_) {
    const Column& column = table_.columns()[place];
    std::string unused;
    if (!row.GetReflection()->GetStringReference(row, column.field, &unused).empty()) {
      return &column;
    }
  }
  return nullptr;
}

int64_t RowWriter::FindByKey(storage::WriteContext& context, const Message& row) const {
  const Column* column = KeyColumn(row);
  if (column == nullptr) return 0;
  schema::Cell key;
  schema::ReadCell(row, *column, &key);
  return table_.FindId(context.session(), *column, key);
}

bool RowWriter::IsSame(const Message& a, const Message& b) const {
  for (const Column& column : table_.columns()) {
    if (column.output_only) continue;
    if (!schema::SameField(a, b, column)) return false;
  }
  return true;
}

void RowWriter::Normalise(Message* row) const {
  const google::protobuf::Reflection& reflection = *row->GetReflection();
  for (const Column& column : table_.columns()) {
    if (column.output_only) {
      reflection.ClearField(row, column.field);
    } else if (column.money) {
      schema::Cell cents;
      schema::ReadCell(*row, reflection, column, &cents);
      schema::WriteCell(cents, column, reflection, row);
    }
  }
}

void RowWriter::Expect(storage::WriteContext& context, RowRules* rules,
                       absl::Span<const Message* const> rows) const {
  storage::Session& session = context.session();
  if (rules != nullptr) rules->Expect(context, rows);
  if (session.grouped() == nullptr) return;
  std::vector<int64_t> ids;
  for (const Message* row : rows) {
    if (!IsBeyondAllIds(context, table_.Id(*row))) ids.push_back(table_.Id(*row));
  }
  table_.LookAhead(session, ids);
  for (const size_t place : unique_) {
    const Column& column = table_.columns()[place];
    if (column.type != schema::CellType::kText) continue;
    std::vector<std::string> values;
    for (const Message* row : rows) {
      if (!schema::IsSet(*row, *column.field)) continue;
      values.push_back(row->GetReflection()->GetString(*row, column.field));
    }
    table_.LookAhead(session, column, values);
  }
}

void RowWriter::ClearImportOnly(Message* row) const {
  for (const Column& column : table_.columns()) {
    if (!schema::FieldOptions(*column.field).import_only()) continue;
    row->GetReflection()->ClearField(row, column.field);
  }
}

void RowWriter::PrepareNew(Message* row, absl::string_view path,
                           std::vector<Violation>* violations) const {
  Normalise(row);
  validator_.CheckRequired(*row, path, violations);
}

void RowWriter::CheckFree(storage::WriteContext& context, const Column& column,
                          const schema::Cell& value, int64_t id, absl::string_view path,
                          std::vector<Violation>* violations) const {
  if (value.null) return;
  const int64_t holder = table_.FindId(context.session(), column, value);
  if (holder == 0 || holder == id) return;
  const std::string shown =
      column.type == schema::CellType::kText ? Quoted(value.text) : absl::StrCat(value.integer);
  violations->push_back(
      {schema::JoinPath(path, column.field->name()),
       absl::StrCat(shown, " is already taken by ", schema::ResourceWord(table_.model()), " ",
                    holder, "; use that one, or give another value"),
       ReasonNamed(absl::StrCat(absl::AsciiStrToUpper(column.field->name()), "_EXISTS")),
       {{"existing_id", absl::StrCat(holder)}}});
}

void RowWriter::CheckUnique(storage::WriteContext& context, const Message* stored,
                            const Message& row, absl::string_view path,
                            std::vector<Violation>* violations) const {
  for (const size_t place : unique_) {
    const Column& column = table_.columns()[place];
    if (stored != nullptr && schema::SameField(*stored, row, column)) continue;
    if (column.nullable && !schema::IsSet(row, *column.field)) continue;
    schema::Cell cell;
    schema::ReadCell(row, column, &cell);
    CheckFree(context, column, cell, table_.Id(row), path, violations);
  }
}

bool RowWriter::CheckGivenId(int64_t id, absl::string_view path,
                             std::vector<Violation>* violations) const {
  if (id <= schema::kMaxGivenId) return true;
  violations->push_back({schema::JoinPath(path, table_.id_field().name()),
                         absl::StrCat(id,
                                      " is left for rows that the server numbers; give an id "
                                      "of at most ",
                                      schema::kMaxGivenId),
                         common::v1::ERROR_REASON_FIELD_INVALID,
                         {{"limit", absl::StrCat(schema::kMaxGivenId)}}});
  return false;
}

RowOutcome RowWriter::Insert(storage::WriteContext& context, RowRules* rules, const Message& given,
                             absl::Span<schema::Cell> cells,
                             std::vector<Violation>* violations) const {
  if (rules != nullptr) rules->Admit(context, given, "", violations);
  // Not by the cells, which a row that was refused ahead does not have.
  CheckUnique(context, nullptr, given, "", violations);
  if (!violations->empty()) return RowOutcome::kRefused;
  cells[revision_column_].integer = context.Revision();
  context.RaiseId(table_.name(), table_.Id(given));
  table_.Insert(context.session(), cells);
  context.AddRows(table_.name(), 1);
  if (rules != nullptr) rules->Stored(context, given);
  return RowOutcome::kCreated;
}

RowOutcome RowWriter::Create(storage::WriteContext& context, RowRules* rules, Message* row,
                             absl::string_view path, std::vector<Violation>* violations) const {
  const size_t before = violations->size();
  if (rules != nullptr && NamesByKey(*row)) rules->Resolve(context, row, path, violations);
  PrepareNew(row, path, violations);
  if (violations->size() == before && rules != nullptr) {
    rules->Complete(context, nullptr, *row, row, path, violations);
  }
  CheckUnique(context, nullptr, *row, path, violations);
  if (violations->size() > before) return RowOutcome::kRefused;
  int64_t id = table_.Id(*row);
  if (!CheckGivenId(id, path, violations)) return RowOutcome::kRefused;
  if (id == 0) {
    id = context.NextId(table_.name());
    schema::SetInt64(row, table_.id_field(), id);
  } else if (id > context.LastId(table_.name())) {
    context.RaiseId(table_.name(), id);
  } else {
    table_.ForgetRemoval(context.session(), id);
  }
  schema::SetInt64(row, *revision_field_, context.Revision());
  table_.Insert(context.session(), *row);
  context.AddRows(table_.name(), 1);
  if (rules != nullptr) rules->Stored(context, *row);
  return RowOutcome::kCreated;
}

RowOutcome RowWriter::Upsert(storage::WriteContext& context, RowRules* rules,
                             const schema::RowUpdate& update, const Message& given,
                             absl::string_view path, Message* row,
                             std::vector<Violation>* violations) const {
  const int64_t id = table_.Id(given);
  if (IsBeyondAllIds(context, id) || !table_.Get(context.session(), id, row)) {
    row->CopyFrom(given);
    return Create(context, rules, row, path, violations);
  }
  return Update(context, rules, update, given, path, row, violations);
}

std::unique_ptr<Message> RowWriter::Resolved(storage::WriteContext& context, RowRules* rules,
                                             const schema::RowUpdate& update, const Message& given,
                                             absl::string_view path,
                                             std::vector<Violation>* violations) const {
  std::unique_ptr<Message> resolved(given.New());
  resolved->CopyFrom(given);
  for (const schema::ReferenceKey& reference : references_) {
    const bool by_key = update.Gives(*reference.key);
    const bool by_id = update.Gives(*reference.id);
    const auto* named = by_key ? reference.key : reference.id;
    const auto* other = by_key ? reference.id : reference.key;
    if (by_key && by_id) continue;
    // A mask that names one of the two means the other where the row sets only that one.
    if ((by_key || by_id) && !schema::IsSet(given, *named)) continue;
    // A field that the mask does not name is not given, so it cannot disagree either.
    resolved->GetReflection()->ClearField(resolved.get(), other);
  }
  if (NamesByKey(*resolved)) rules->Resolve(context, resolved.get(), path, violations);
  return resolved;
}

RowOutcome RowWriter::Update(storage::WriteContext& context, RowRules* rules,
                             const schema::RowUpdate& update, const Message& original,
                             absl::string_view path, Message* row,
                             std::vector<Violation>* violations) const {
  const size_t before = violations->size();
  std::unique_ptr<Message> resolved;
  if (rules != nullptr && NamesByKey(original)) {
    resolved = Resolved(context, rules, update, original, path, violations);
    if (violations->size() > before) return RowOutcome::kRefused;
  }
  const Message& given = resolved == nullptr ? original : *resolved;
  const std::unique_ptr<Message> stored(row->New());
  stored->CopyFrom(*row);
  update.Apply(given, path, row, violations);
  validator_.CheckRequired(*row, path, violations);
  if (violations->size() == before && rules != nullptr) {
    rules->Complete(context, stored.get(), *update.Taken(given), row, path, violations);
  }
  CheckUnique(context, stored.get(), *row, path, violations);
  if (violations->size() > before) return RowOutcome::kRefused;
  if (IsSame(*stored, *row)) {
    row->CopyFrom(*stored);
    return RowOutcome::kUnchanged;
  }
  schema::SetInt64(row, *revision_field_, context.Revision());
  table_.Update(context.session(), *row);
  if (rules != nullptr) rules->Stored(context, *row);
  return RowOutcome::kUpdated;
}

void RowWriter::Delete(storage::WriteContext& context, RowRules* rules, const Message& row) const {
  table_.Delete(context.session(), table_.Id(row), context.Revision());
  context.AddRows(table_.name(), -1);
  if (rules != nullptr) rules->Removed(context, row);
}

}  // namespace clustr::resource
