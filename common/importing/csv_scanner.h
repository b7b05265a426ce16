#ifndef CLUSTR_COMMON_IMPORTING_CSV_SCANNER_H_
#define CLUSTR_COMMON_IMPORTING_CSV_SCANNER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/importing/byte_source.h"

namespace clustr::importing {

// Splits the bytes of a CSV file into records of cells, without knowing which record is the header.
// The cells point into one buffer of 1 MiB, in which escaped quotes are resolved in place, so
// nothing is copied. Not thread-safe. CsvReader documents the format and what makes a row bad.
class CsvScanner {
 public:
  explicit CsvScanner(ByteSource source);

  // Fills the buffer, skips a byte order mark and chooses as delimiter the one of `delimiters` that
  // occurs most often in the first line, outside of quotes. Call once, before Next. DATA_LOSS if
  // the file cannot be read.
  absl::Status Start(std::string_view delimiters);

  // Scans the next record that is not a blank line. False at the end of the file. DATA_LOSS if the
  // file cannot be read.
  absl::StatusOr<bool> Next();

  // The cells of the record, valid until the next call of Next; meaningless if there is a problem.
  // A bare empty cell has data() == nullptr, a quoted one (`""`) does not.
  const std::vector<std::string_view>& cells() const { return cells_; }
  // Why the record cannot be used, with the remedy; empty if it can. Valid as long as the cells.
  const std::string& problem() const { return problem_; }
  // Bytes of the record in the (inflated) file, with its line end.
  size_t record_bytes() const { return record_bytes_; }
  // Bytes of the (inflated) file up to the end of the record, without a byte order mark.
  int64_t bytes_read() const { return bytes_read_; }
  char delimiter() const { return delimiter_; }

  // Names by which problems of later records refer to columns; `column 3` where there is no name.
  void set_column_names(std::vector<std::string> names) { column_names_ = std::move(names); }
  const std::vector<std::string>& column_names() const { return column_names_; }

 private:
  enum class Scan { kRecord, kNeedsMore };

  absl::StatusOr<bool> SkipOverlongRecord();
  absl::Status Refill();
  Scan ScanRecord();
  Scan ScanQuotedCell(char** cursor);
  void EndRecord(char* next);
  void SetProblem(std::string problem);
  void RefuseControlCharacter(char c);
  std::string CurrentColumn() const;

  ByteSource source_;
  std::unique_ptr<char[]> buffer_;
  char* begin_;  // First byte that is not consumed.
  char* end_;    // One past the last byte read; always holds a line feed, which ends every scan.
  bool at_end_of_file_ = false;
  char delimiter_ = ',';
  std::array<bool, 256> bare_stops_;
  std::array<bool, 256> quoted_stops_;
  int64_t bytes_read_ = 0;

  std::vector<std::string> column_names_;
  size_t record_bytes_ = 0;
  std::vector<std::string_view> cells_;
  std::vector<size_t> escaped_cells_;  // Indices in cells_ that contain `""`.
  bool abandoned_ = false;             // The record ended early, inside or after a quoted cell.
  std::string problem_;
};

}  // namespace clustr::importing

#endif  // CLUSTR_COMMON_IMPORTING_CSV_SCANNER_H_
