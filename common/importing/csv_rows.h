#ifndef CLUSTR_COMMON_IMPORTING_CSV_ROWS_H_
#define CLUSTR_COMMON_IMPORTING_CSV_ROWS_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/importing/csv_reader.h"
#include "common/importing/row_parser.h"
#include "common/importing/row_source.h"

namespace clustr::importing {

// The rows of a CSV file, read by CsvReader and parsed by CsvColumns. Not thread-safe.
class CsvRows final : public RowSource {
 public:
  // Opens the file and checks its header against the message. Fails as CsvReader::Open and
  // CsvColumns::Bind do.
  static absl::StatusOr<std::unique_ptr<RowSource>> Open(
      const std::string& path, const google::protobuf::Descriptor& message);

  absl::StatusOr<bool> Next(google::protobuf::Message* message, common::v1::RowError* error,
                            size_t* bytes) override;
  std::vector<std::string> MaskPaths() const override { return columns_.MaskPaths(); }
  int64_t bytes_read() const override { return reader_.bytes_read(); }

 private:
  CsvRows(CsvReader reader, CsvColumns columns)
      : reader_(std::move(reader)), columns_(std::move(columns)) {}

  CsvReader reader_;
  CsvColumns columns_;
  CsvRow row_;
};

}  // namespace clustr::importing

#endif  // CLUSTR_COMMON_IMPORTING_CSV_ROWS_H_
