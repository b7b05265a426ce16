#ifndef CLUSTR_TOOLS_CLUSTRCTL_ROW_NAMES_H_
#define CLUSTR_TOOLS_CLUSTRCTL_ROW_NAMES_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "google/protobuf/message.h"

// Rows as they are named on the command line: a whole number is an id; any other text, and one with
// `@` before it, is an external_id (`85123A`, `@1001`).
namespace clustr::ctl {

// Sets the row that `text` names in a request: the field `id`, or, for an external_id, the field
// beside it that names the same row by key. Adds it if the field is repeated. Returns what is wrong
// with the text and the remedy, or "".
std::string SetRowName(std::string_view text, const google::protobuf::FieldDescriptor& id,
                       google::protobuf::Message* request);

// Adds each of the rows that `text` names, separated by commas, to the repeated field of this name.
// INVALID_ARGUMENT if a name is empty or no id.
absl::Status AddRowNames(std::string_view text, const std::string& field,
                         google::protobuf::Message* request);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_ROW_NAMES_H_
