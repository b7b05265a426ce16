#ifndef CLUSTR_TOOLS_CLUSTRCTL_FILES_ROW_WRITER_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FILES_ROW_WRITER_H_

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace clustr::ctl {

// Appends `cell` as in RFC 4180: in quotes if it contains a comma, a quote or a line break. An
// empty text is written as `""`, since an empty cell without quotes means unset.
void AppendCsvText(std::string_view cell, std::string* out);

enum class RowFormat { kCsv, kJsonLines };

// Writes messages as rows of a file that `clustrctl import` reads back unchanged. CSV has a header
// row of field names, and an empty cell where a field is unset. JSON Lines has one object per row
// with every field, null where one is unset, and integers as numbers. The file appears under its
// name when Close succeeds; otherwise nothing is left behind. Not thread-safe.
class RowWriter {
 public:
  // Writes one column for each of `fields`, which must be singular. DATA_LOSS if the file cannot be
  // created.
  static absl::StatusOr<RowWriter> Create(
      const std::string& path, std::vector<const google::protobuf::FieldDescriptor*> fields,
      RowFormat format = RowFormat::kCsv);

  RowWriter(RowWriter&&) = default;
  ~RowWriter();

  // Both return DATA_LOSS if the disk is full or failing.
  absl::Status Write(const google::protobuf::Message& row);
  absl::Status Close();

  int64_t rows() const { return rows_; }

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  RowWriter(std::string path, std::vector<const google::protobuf::FieldDescriptor*> fields,
            RowFormat format, std::FILE* file);
  void AppendCsv(const google::protobuf::Message& row);
  void AppendJson(const google::protobuf::Message& row);
  absl::Status Flush();

  std::string path_;
  std::vector<const google::protobuf::FieldDescriptor*> fields_;
  RowFormat format_;
  std::unique_ptr<std::FILE, Closer> file_;
  std::string buffer_;
  int64_t rows_ = 0;
};

// The fields of a message with these numbers, in their order.
std::vector<const google::protobuf::FieldDescriptor*> FieldsByNumber(
    const google::protobuf::Descriptor& message, const std::vector<int>& numbers);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FILES_ROW_WRITER_H_
