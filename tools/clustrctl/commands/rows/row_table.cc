#include "tools/clustrctl/commands/rows/row_table.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "common/importing/field_text.h"
#include "common/schema/annotations.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/text_table.h"

namespace clustr::ctl {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

// A field as people read it; empty if it is unset.
std::string TextOf(const Message& row, const FieldDescriptor& field) {
  const auto& reflection = *row.GetReflection();
  if (field.is_repeated()) {
    std::vector<std::string> values;
    for (int i = 0; i < reflection.FieldSize(row, &field); ++i) {
      values.push_back(field.cpp_type() == FieldDescriptor::CPPTYPE_STRING
                           ? reflection.GetRepeatedString(row, &field, i)
                           : absl::StrCat(reflection.GetRepeatedInt64(row, &field, i)));
    }
    return absl::StrJoin(values, ", ");
  }
  if (!reflection.HasField(row, &field)) return "";
  const auto meaning = schema::FieldOptions(field).meaning();
  if (meaning == options::v1::MEANING_MONEY) return Money(reflection.GetDouble(row, &field));
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE) {
    return Ratio(reflection.GetDouble(row, &field));
  }
  std::string text;
  importing::AppendFieldText(row, field, &text);
  return text;
}

// Fields of scalars; a message within the row is for --output=json.
std::vector<const FieldDescriptor*> ShownFields(const Message& row) {
  std::vector<const FieldDescriptor*> fields;
  for (int i = 0; i < row.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = row.GetDescriptor()->field(i);
    if (field->message_type() == nullptr) fields.push_back(field);
  }
  return fields;
}

TableColumn ColumnOf(const FieldDescriptor& field) {
  const bool is_number = !field.is_repeated() &&
                         field.cpp_type() != FieldDescriptor::CPPTYPE_STRING &&
                         field.cpp_type() != FieldDescriptor::CPPTYPE_BOOL;
  return {absl::StrReplaceAll(absl::AsciiStrToUpper(field.name()), {{"_", " "}}),
          is_number ? Align::kRight : Align::kLeft};
}

}  // namespace

void PrintRows(const std::vector<MessagePtr>& rows, const Context& context) {
  if (rows.empty()) return;
  std::vector<const FieldDescriptor*> fields;
  std::vector<TableColumn> columns;
  for (const FieldDescriptor* field : ShownFields(*rows[0])) {
    const bool any = std::any_of(rows.begin(), rows.end(), [&](const MessagePtr& row) {
      return !TextOf(*row, *field).empty();
    });
    if (!any) continue;
    fields.push_back(field);
    columns.push_back(ColumnOf(*field));
  }
  TextTable table(std::move(columns));
  for (const MessagePtr& row : rows) {
    std::vector<std::string> cells;
    for (const FieldDescriptor* field : fields) cells.push_back(TextOf(*row, *field));
    table.Add(std::move(cells));
  }
  table.Print(context.out, context.width);
}

void PrintRow(const Message& row, const Context& context) {
  TextTable table({{"FIELD", Align::kLeft}, {"VALUE", Align::kLeft}});
  for (const FieldDescriptor* field : ShownFields(row)) {
    const std::string text = TextOf(row, *field);
    if (!text.empty()) table.Add({field->name(), text});
  }
  table.Print(context.out, context.width);
}

}  // namespace clustr::ctl
