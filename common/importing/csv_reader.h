#ifndef CLUSTR_COMMON_IMPORTING_CSV_READER_H_
#define CLUSTR_COMMON_IMPORTING_CSV_READER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/importing/byte_source.h"

namespace clustr::importing {

// One data row. What it points to is valid until the next call of the reader.
struct CsvRow {
  // 1-based among the data rows of the file; rows with an error count, blank lines do not.
  int64_t number = 0;
  // Bytes of the row in the file.
  size_t bytes = 0;
  // As many as the header has; none if there is an error. A bare empty cell has data() == nullptr,
  // a quoted one (`""`) has not.
  absl::Span<const std::string_view> cells;
  // Why the row cannot be used, with the remedy; empty if it can.
  std::string_view error;
};

// Reads RFC 4180: BOM or none, LF or CRLF, `"` around a cell and `""` inside. Streams with 1 MiB of
// memory whatever the size of the file. Not thread-safe.
//
// A row is bad, and only it, if it has more or fewer cells than the header, a control character (a
// line break inside quotes too), a quote out of place or never closed, or more than 1 MiB. After a
// quote that is never closed reading goes on with the next line.
class CsvReader {
 public:
  // Opens a plain or gzip file and reads its header. Cells are separated by the one of `delimiters`
  // that the header row has most of, the first if it has none. NOT_FOUND if the file cannot be
  // opened, INVALID_ARGUMENT if it has no header row or a broken one, DATA_LOSS if it cannot be
  // read.
  static absl::StatusOr<CsvReader> Open(const std::string& path, std::string_view delimiters = ",");

  const std::vector<std::string>& header() const { return header_; }

  // Bytes of the (inflated) file that are done.
  int64_t bytes_read() const { return bytes_read_; }

  // False at the end of the file. DATA_LOSS if it cannot be read.
  absl::StatusOr<bool> Next(CsvRow* row);

 private:
  enum class Scan { kRow, kNeedsMore };

  explicit CsvReader(ByteSource source);

  absl::Status ReadHeader(std::string_view delimiters);
  absl::StatusOr<bool> NextRecord();
  absl::StatusOr<bool> SkipOverlongRow();
  absl::Status Refill();
  Scan ScanRow();
  Scan ScanQuotedCell(char** cursor);
  void EndRow(char* next);
  void SetProblem(std::string problem);
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

  std::vector<std::string> header_;
  int64_t row_number_ = 0;
  size_t row_bytes_ = 0;
  std::vector<std::string_view> cells_;
  std::vector<size_t> escaped_cells_;  // Indices in cells_ that hold `""`.
  bool abandoned_ = false;             // The row ends early: its quote is never closed.
  std::string problem_;
};

}  // namespace clustr::importing

#endif  // CLUSTR_COMMON_IMPORTING_CSV_READER_H_
