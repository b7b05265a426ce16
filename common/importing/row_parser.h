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

// The columns of one CSV file, bound by name to the input fields of a stored message. Immutable:
// thread-safe. Points into the descriptor, which must outlive it.
class CsvColumns {
 public:
  // Binds the columns that `header` names. INVALID_ARGUMENT, with the column and the list of
  // allowed columns, if the header repeats a column, has a column that is not an input field, or
  // lacks the id or a required field. One of schema::KeyFields may replace the id, and the key of a
  // reference its id.
  static absl::StatusOr<CsvColumns> Bind(const google::protobuf::Descriptor& message,
                                         absl::Span<const std::string> header);

  // Sets the fields of `message`, which must be empty, from the cells of a CsvRow. An empty cell
  // leaves its field unset, except that `""` sets an optional text to the empty text. If cells
  // cannot be parsed, adds one violation for each of them to `error` and returns false.
  bool Parse(absl::Span<const std::string_view> cells, google::protobuf::Message* message,
             common::v1::RowError* error) const;

  // Names of all columns except the id, in the order of the file: the update_mask of an import.
  std::vector<std::string> MaskPaths() const;

 private:
  std::vector<const google::protobuf::FieldDescriptor*> fields_;
  const google::protobuf::FieldDescriptor* id_ = nullptr;
};

}  // namespace clustr::importing

#endif  // CLUSTR_COMMON_IMPORTING_ROW_PARSER_H_
