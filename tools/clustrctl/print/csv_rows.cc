#include "tools/clustrctl/print/csv_rows.h"

#include "absl/strings/str_cat.h"
#include "common/importing/field_text.h"
#include "google/protobuf/util/json_util.h"

namespace clustr::ctl {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

// A cell that is no text of a user: it is quoted if need be, and never takes an apostrophe.
std::string PlainCell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string cell = "\"";
  for (const char c : text) {
    if (c == '"') cell.push_back('"');
    cell.push_back(c);
  }
  return cell + '"';
}

// Times and durations are one value for a reader.
bool IsOneValue(const Descriptor& type) { return type.file()->package() == "google.protobuf"; }

std::string JsonText(const Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  (void)google::protobuf::util::MessageToJsonString(message, &json, options);
  const bool quoted = json.size() > 1 && json.front() == '"';
  return quoted ? json.substr(1, json.size() - 2) : json;
}

std::string ListCell(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  const int size = reflection.FieldSize(message, &field);
  std::string text;
  for (int i = 0; i < size; ++i) {
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        absl::StrAppend(&text, i == 0 ? "" : "; ",
                        reflection.GetRepeatedString(message, &field, i));
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        absl::StrAppend(&text, i == 0 ? "[" : ",",
                        JsonText(reflection.GetRepeatedMessage(message, &field, i)),
                        i + 1 == size ? "]" : "");
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        absl::StrAppend(&text, i == 0 ? "" : ",", reflection.GetRepeatedInt64(message, &field, i));
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        absl::StrAppend(&text, i == 0 ? "" : ",", reflection.GetRepeatedInt32(message, &field, i));
        break;
      default:
        absl::StrAppend(&text, i == 0 ? "" : ",", reflection.GetRepeatedDouble(message, &field, i));
    }
  }
  return field.cpp_type() == FieldDescriptor::CPPTYPE_STRING ? CsvTextCell(text) : PlainCell(text);
}

std::string CellOf(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  if (field.is_repeated()) return ListCell(message, field);
  if (field.has_presence() && !reflection.HasField(message, &field)) return "";
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return CsvTextCell(reflection.GetString(message, &field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return PlainCell(JsonText(reflection.GetMessage(message, &field)));
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.GetEnum(message, &field)->name();
    default: {
      std::string text;
      importing::AppendFieldText(message, field, &text);
      const bool is_bool = field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL;
      return !text.empty() ? text : is_bool ? "false" : "0";  // A default is a value here.
    }
  }
}

}  // namespace

std::string CsvTextCell(std::string_view text) {
  const bool formula =
      !text.empty() && std::string_view("=+-@\t\r\n").find(text[0]) != std::string_view::npos;
  return PlainCell(formula ? "'" + std::string(text) : text);
}

CsvRows::CsvRows(const Descriptor* type, std::ostream* out) : out_(*out) {
  AddColumns(*type, {});
  for (const Path& path : columns_) {
    std::string name;
    for (const FieldDescriptor* field : path) {
      absl::StrAppend(&name, name.empty() ? "" : ".", field->name());
    }
    out_ << (&path == &columns_.front() ? "" : ",") << name;
  }
  out_ << '\n';
}

void CsvRows::AddColumns(const Descriptor& type, const Path& outer) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    Path path = outer;
    path.push_back(field);
    const bool nested = !field->is_repeated() && field->message_type() != nullptr &&
                        !IsOneValue(*field->message_type());
    if (nested) {
      AddColumns(*field->message_type(), path);
    } else {
      columns_.push_back(std::move(path));
    }
  }
}

void CsvRows::Add(const Message& row) {
  for (const Path& path : columns_) {
    const Message* message = &row;
    bool present = true;
    for (size_t i = 0; present && i + 1 < path.size(); ++i) {
      present = message->GetReflection()->HasField(*message, path[i]);
      message = &message->GetReflection()->GetMessage(*message, path[i]);
    }
    if (&path != &columns_.front()) out_ << ',';
    if (present) out_ << CellOf(*message, *path.back());
  }
  out_ << '\n';
}

}  // namespace clustr::ctl
