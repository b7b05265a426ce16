#include "common/schema/field.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/schema/annotations.h"
#include "common/schema/money.h"

namespace clustr::schema {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

namespace {

CellType TypeOf(const FieldDescriptor& field, bool money) {
  if (field.is_repeated()) return CellType::kText;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return CellType::kText;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return money ? CellType::kInteger : CellType::kReal;
    default:
      return CellType::kInteger;
  }
}

std::string JoinRepeated(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  std::string text;
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    absl::StrAppend(&text, i == 0 ? "" : ",", reflection.GetRepeatedInt64(message, &field, i));
  }
  return text;
}

void SplitRepeated(const std::string& text, const FieldDescriptor& field, Message* message) {
  const Reflection& reflection = *message->GetReflection();
  for (absl::string_view number : absl::StrSplit(text, ',', absl::SkipEmpty())) {
    int64_t value = 0;
    if (absl::SimpleAtoi(number, &value)) reflection.AddInt64(message, &field, value);
  }
}

}  // namespace

std::vector<Column> ColumnsOf(const google::protobuf::Descriptor& message) {
  std::vector<Column> columns;
  for (const FieldDescriptor* field : StoredFields(message)) {
    const bool money = FieldOptions(*field).meaning() == options::v1::MEANING_MONEY;
    columns.push_back({field, ColumnName(*field), TypeOf(*field, money), money,
                       field->has_presence(), FieldOptions(*field).output_only()});
  }
  return columns;
}

void ReadCell(const Message& message, const Reflection& reflection, const Column& column,
              Cell* cell) {
  const FieldDescriptor* field = column.field;
  if (field->is_repeated()) {
    cell->text = JoinRepeated(message, *field);
    return;
  }
  cell->null = column.nullable && !reflection.HasField(message, field);
  if (cell->null) return;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64:
      cell->integer = reflection.GetInt64(message, field);
      return;
    case FieldDescriptor::CPPTYPE_INT32:
      cell->integer = reflection.GetInt32(message, field);
      return;
    case FieldDescriptor::CPPTYPE_BOOL:
      cell->integer = reflection.GetBool(message, field) ? 1 : 0;
      return;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      cell->real = reflection.GetDouble(message, field);
      if (column.money) cell->integer = CentsOf(cell->real).value_or(0);
      return;
    case FieldDescriptor::CPPTYPE_STRING:
      cell->text = reflection.GetStringReference(message, field, &cell->text);
      return;
    default:
      GOOGLE_LOG(FATAL) << field->full_name() << " has a type that no column can hold";
  }
}

void WriteCell(const Cell& cell, const Column& column, const Reflection& reflection,
               Message* message) {
  const FieldDescriptor* field = column.field;
  if (cell.null) {
    reflection.ClearField(message, field);
    return;
  }
  if (field->is_repeated()) {
    SplitRepeated(cell.text, *field, message);
    return;
  }
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64:
      reflection.SetInt64(message, field, cell.integer);
      return;
    case FieldDescriptor::CPPTYPE_INT32:
      reflection.SetInt32(message, field, static_cast<int32_t>(cell.integer));
      return;
    case FieldDescriptor::CPPTYPE_BOOL:
      reflection.SetBool(message, field, cell.integer != 0);
      return;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      reflection.SetDouble(message, field, column.money ? AmountOf(cell.integer) : cell.real);
      return;
    case FieldDescriptor::CPPTYPE_STRING:
      reflection.SetString(message, field, cell.text);
      return;
    default:
      GOOGLE_LOG(FATAL) << field->full_name() << " has a type that no column can hold";
  }
}

bool IsSet(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  return field.is_repeated() ? reflection.FieldSize(message, &field) > 0
                             : reflection.HasField(message, &field);
}

void CopyField(const Message& from, const Column& column, Message* to) {
  Cell cell;
  ReadCell(from, column, &cell);
  WriteCell(cell, column, to);
}

bool SameField(const Message& a, const Message& b, const Column& column) {
  Cell left;
  Cell right;
  ReadCell(a, column, &left);
  ReadCell(b, column, &right);
  if (left.null || right.null) return left.null == right.null;
  switch (column.type) {
    case CellType::kInteger:
      return left.integer == right.integer;
    case CellType::kReal:
      return left.real == right.real;
    case CellType::kText:
      return left.text == right.text;
  }
  return false;
}

int64_t GetInt64(const Message& message, const FieldDescriptor& field) {
  return message.GetReflection()->GetInt64(message, &field);
}

void SetInt64(Message* message, const FieldDescriptor& field, int64_t value) {
  message->GetReflection()->SetInt64(message, &field, value);
}

}  // namespace clustr::schema
