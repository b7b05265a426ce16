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

TextTable TableOf(const std::vector<MessagePtr>& rows,
                  const std::vector<const FieldDescriptor*>& fields) {
  std::vector<TableColumn> columns;
  for (const FieldDescriptor* field : fields) columns.push_back(ColumnOf(*field));
  TextTable table(std::move(columns));
  for (const MessagePtr& row : rows) {
    std::vector<std::string> cells;
    for (const FieldDescriptor* field : fields) cells.push_back(TextOf(*row, *field));
    table.Add(std::move(cells));
  }
  return table;
}

// Takes out fields for which a terminal of that width has no room, the last ones first, and returns
// their names.
std::vector<std::string> Fit(const std::vector<MessagePtr>& rows, size_t width,
                             std::vector<const FieldDescriptor*>* fields) {
  std::vector<std::string> names;
  if (width == 0) return names;
  std::vector<size_t> may_go;
  for (size_t i = fields->size(); i-- > 1;) {
    if ((*fields)[i]->name() != "external_id") may_go.push_back(i);
  }
  const std::vector<size_t> gone = TableOf(rows, *fields).ColumnsWithoutRoom(width, may_go);
  for (const size_t i : gone) names.push_back((*fields)[i]->name());
  for (size_t i = gone.size(); i-- > 0;) {
    fields->erase(fields->begin() + static_cast<ptrdiff_t>(gone[i]));
  }
  return names;
}

}  // namespace

void PrintRows(const std::vector<MessagePtr>& rows, const Context& context) {
  if (rows.empty()) return;
  std::vector<const FieldDescriptor*> fields;
  for (const FieldDescriptor* field : ShownFields(*rows[0])) {
    const bool any = std::any_of(rows.begin(), rows.end(), [&](const MessagePtr& row) {
      return !TextOf(*row, *field).empty();
    });
    if (any) fields.push_back(field);
  }
  const std::vector<std::string> without_room = Fit(rows, context.width, &fields);
  TableOf(rows, fields).Print(context.out, context.width);
  if (without_room.empty()) return;
  context.err << "left out for want of room: " << absl::StrJoin(without_room, ", ")
              << "; --output=csv has all columns\n";
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
