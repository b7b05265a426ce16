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
      absl::StrCat("an answer cannot be printed as JSON: ", std::string(status.message())));
}

void Context::PrintJson(const google::protobuf::Message& message) const {
  const absl::StatusOr<std::string> line = Json(message);
  if (line.ok()) {
    out << *line << '\n';
  } else {
    err << "clustrctl: " << line.status().message() << '\n';
  }
}

absl::Status CheckArgumentCount(const std::vector<std::string>& arguments, size_t least,
                                size_t most, const std::string& usage) {
  if (arguments.size() >= least && arguments.size() <= most) return absl::OkStatus();
  if (arguments.size() > most) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", arguments[most], "\" is one argument too many; call ", usage));
  }
  return absl::InvalidArgumentError(absl::StrCat("an argument is missing; call ", usage));
}

}  // namespace clustr::ctl
