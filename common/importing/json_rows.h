#ifndef CLUSTR_COMMON_IMPORTING_JSON_ROWS_H_
#define CLUSTR_COMMON_IMPORTING_JSON_ROWS_H_

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "common/importing/byte_source.h"
#include "common/importing/row_source.h"

namespace clustr::importing {

// Rows of a file of JSON lines: one object a line, in the JSON mapping of Protocol Buffers, with
// proto field names or lowerCamelCase ones. Blank lines are passed over. As in a CSV file all rows
// have the same fields, those of the first line, in any order, null where one is unset: so what a
// row leaves unset is never in doubt. Holds one line, of up to 1 MiB, at a time.
class JsonRows final : public RowSource {
 public:
  // Opens a plain or gzip file and reads its first row. NOT_FOUND if it cannot be opened,
  // INVALID_ARGUMENT if the first row is no object, names a field that is no input field of the
  // message, or has neither its id nor one of schema::KeyFields, DATA_LOSS if it cannot be read.
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

  // The next line that is not blank, to line_; false at the end.
  absl::StatusOr<bool> ReadLine();
  // Fields that the object in line_ names; what is wrong with it, if anything, to `problem`.
  Names FieldsOf(std::string* problem) const;

  ByteSource source_;
  const google::protobuf::Descriptor& message_;
  Names fields_;  // Of the first line.
  std::string buffer_;
  size_t position_ = 0;  // In the buffer, behind line_.
  std::string line_;
  bool line_waits_ = false;  // line_ was read by Open and not given out yet.
  int64_t bytes_read_ = 0;
  int64_t row_number_ = 0;
};

}  // namespace clustr::importing

#endif  // CLUSTR_COMMON_IMPORTING_JSON_ROWS_H_
