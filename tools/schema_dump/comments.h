#ifndef CLUSTR_TOOLS_SCHEMA_DUMP_COMMENTS_H_
#define CLUSTR_TOOLS_SCHEMA_DUMP_COMMENTS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/descriptor.h"

// The comments of the .proto files, which generated code does not keep.
namespace clustr::schema_dump {

// The descriptors of the file `path`, a FileDescriptorSet with its imports and source info.
// INVALID_ARGUMENT, for a developer, if it is something else.
absl::StatusOr<std::unique_ptr<google::protobuf::DescriptorPool>> ReadComments(
    const std::string& path);

// The comment above `described`, a descriptor of ReadComments, as one line of a Markdown table;
// empty if there is none.
template <class Described>
std::string CommentOf(const Described& described) {
  google::protobuf::SourceLocation location;
  if (!described.GetSourceLocation(&location)) return "";
  std::string line = location.leading_comments;
  absl::RemoveExtraAsciiWhitespace(&line);
  return absl::StrReplaceAll(line, {{"|", "\\|"}});
}

}  // namespace clustr::schema_dump

#endif  // CLUSTR_TOOLS_SCHEMA_DUMP_COMMENTS_H_
