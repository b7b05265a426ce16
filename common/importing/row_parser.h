#ifndef CLUSTR_COMMON_IMPORTING_ROW_PARSER_H_
#define CLUSTR_COMMON_IMPORTING_ROW_PARSER_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "clustr/common/v1/import.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace clustr::importing {

// The columns of one CSV file, bound by name to the input fields of a stored message. Immutable and
// thread-safe once made.
class CsvColumns {
 public:
  // INVALID_ARGUMENT, naming the column and all allowed ones, if the header repeats a column, has
  // one that is no input field, or lacks a required field or the id. One of schema::KeyFields
  // stands in for the id.
  static absl::StatusOr<CsvColumns> Bind(const google::protobuf::Descriptor& message,
                                         absl::Span<const std::string> header);

  // Sets the fields of `message`, which must be cleared. An empty cell leaves its field unset,
  // except that `""` sets an optional text to the empty one. Returns false if a cell cannot be
  // read, and then adds one violation for each such cell to `error`. `cells` are those of a CsvRow.
  bool Parse(absl::Span<const std::string_view> cells, google::protobuf::Message* message,
             common::v1::RowError* error) const;

  // Names of all columns but the id, in the order of the file: the update_mask of an import.
  std::vector<std::string> MaskPaths() const;

 private:
  std::vector<const google::protobuf::FieldDescriptor*> fields_;
  const google::protobuf::FieldDescriptor* id_ = nullptr;
};

}  // namespace clustr::importing

#endif  // CLUSTR_COMMON_IMPORTING_ROW_PARSER_H_
