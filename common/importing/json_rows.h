#ifndef CLUSTR_COMMON_IMPORTING_JSON_ROWS_H_
#define CLUSTR_COMMON_IMPORTING_JSON_ROWS_H_

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "common/importing/byte_source.h"
#include "common/importing/row_source.h"

namespace clustr::importing {

// The rows of a JSON Lines file: one object per line, in the JSON mapping of Protocol Buffers, with
// field names as in the .proto file or in lowerCamelCase. Blank lines are skipped. As in a CSV
// file, all rows must have the same fields as the first line, in any order, with null where one is
// unset; so it is never in doubt what a row leaves unset. Holds one line of up to 1 MiB at a time.
// Not thread-safe.
class JsonRows final : public RowSource {
 public:
  // Opens a plain or gzip file and reads its first row. NOT_FOUND if the file cannot be opened,
  // INVALID_ARGUMENT if the first row is not an object, names a field that is not an input field of
  // the message, or has neither its id nor one of schema::KeyFields, DATA_LOSS if the file cannot
  // be read. `message` must be a stored message with an id and outlive the rows.
  static absl::StatusOr<std::unique_ptr<RowSource>> Open(
      const std::string& path, const google::protobuf::Descriptor& message);

  absl::StatusOr<bool> Next(google::protobuf::Message* message, common::v1::RowError* error,
                            size_t* bytes) override;
  std::vector<std::string> MaskPaths() const override;
  int64_t bytes_read() const override { return bytes_read_; }

 private:
  using Names = std::set<std::string>;

  JsonRows(ByteSource source, const google::protobuf::Descriptor& message)
      : source_(std::move(source)), message_(message) {}

  // Reads the next line that is not blank to line_; false at the end of the file.
  absl::StatusOr<bool> ReadLine();
  // Returns the fields that the object in line_ names. Sets `problem` if it cannot be used.
  Names FieldsOf(std::string* problem) const;

  ByteSource source_;
  const google::protobuf::Descriptor& message_;
  Names fields_;  // Fields of the first line.
  std::string buffer_;
  size_t position_ = 0;  // Position in buffer_ after line_.
  std::string line_;
  bool line_waits_ = false;  // True if Open has read line_ and Next has not returned it yet.
  int64_t bytes_read_ = 0;
  int64_t row_number_ = 0;
};

}  // namespace clustr::importing

#endif  // CLUSTR_COMMON_IMPORTING_JSON_ROWS_H_
