#include "tools/clustrctl/command.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"

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
