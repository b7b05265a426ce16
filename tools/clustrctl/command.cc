#include "tools/clustrctl/command.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/util/json_util.h"
#include "tools/clustrctl/print/csv_rows.h"

namespace clustr::ctl {

absl::StatusOr<std::string> Json(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string line;
  const auto status = google::protobuf::util::MessageToJsonString(message, &line, options);
  if (status.ok()) return line;
  return absl::InternalError(
      absl::StrCat("the response cannot be printed as JSON: ", std::string(status.message())));
}

void Context::PrintJson(const google::protobuf::Message& message) const {
  const absl::StatusOr<std::string> line = Json(message);
  if (line.ok()) {
    out << *line << '\n';
  } else {
    err << "clustrctl: " << line.status().message() << '\n';
  }
}

bool Context::Print(const google::protobuf::Message& answer, std::string_view rows) const {
  if (json) PrintJson(answer);
  if (!csv) return json;
  const google::protobuf::Message* message = &answer;
  const google::protobuf::FieldDescriptor* field = nullptr;
  for (const absl::string_view name :
       absl::StrSplit(absl::string_view(rows.data(), rows.size()), '.', absl::SkipEmpty())) {
    if (field != nullptr) message = &message->GetReflection()->GetMessage(*message, field);
    field = message->GetDescriptor()->FindFieldByName(std::string(name));
  }
  CsvRows table(field == nullptr ? answer.GetDescriptor() : field->message_type(), &out);
  if (field == nullptr) {
    table.Add(answer);
    return true;
  }
  const auto& reflection = *message->GetReflection();
  for (int i = 0; i < reflection.FieldSize(*message, field); ++i) {
    table.Add(reflection.GetRepeatedMessage(*message, field, i));
  }
  return true;
}

std::string Context::WithFlagNames(std::string_view text) const {
  return flags == nullptr ? std::string(text) : flags->WithFlagNames(text);
}

absl::Status CheckArgumentCount(const std::vector<std::string>& arguments, size_t min_count,
                                size_t max_count, const std::string& usage) {
  if (arguments.size() >= min_count && arguments.size() <= max_count) return absl::OkStatus();
  if (arguments.size() > max_count) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", arguments[max_count], "\" is one argument too many; call ", usage));
  }
  return absl::InvalidArgumentError(absl::StrCat("an argument is missing; call ", usage));
}

}  // namespace clustr::ctl
