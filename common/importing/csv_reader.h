#ifndef CLUSTR_COMMON_IMPORTING_CSV_READER_H_
#define CLUSTR_COMMON_IMPORTING_CSV_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/importing/byte_source.h"
#include "common/importing/csv_scanner.h"

namespace clustr::importing {

// One data row. It points into the reader and is valid until the reader's next call.
struct CsvRow {
  // Number of the row, from 1 on, among the data rows of the file. Rows with an error count, blank
  // lines do not.
  int64_t number = 0;
  // Bytes of the row in the file.
  size_t bytes = 0;
  // One cell for each of the header; none if there is an error. A bare empty cell has data() ==
  // nullptr, a quoted one (`""`) does not.
  absl::Span<const std::string_view> cells;
  // Why the row cannot be used, with the remedy; empty if it can.
  std::string_view error;
};

// Reads CSV files as in RFC 4180: with or without a byte order mark, with LF or CRLF, with `"`
// around a cell and `""` for a quote inside it. Uses 1 MiB of memory whatever the size of the file.
// Not thread-safe.
//
// A row is bad, without affecting other rows, if it has more or fewer cells than the header, a
// control character (including a line break inside quotes), a misplaced quote, a quote that is
// never closed, or more than 1 MiB. After a quote that is never closed, reading continues with the
// next line.
class CsvReader {
 public:
  // Opens a plain or gzip file and reads its header. The delimiter is the one of `delimiters` that
  // occurs most often in the header row, or the first of them if none occurs. NOT_FOUND if the file
  // cannot be opened, INVALID_ARGUMENT if its header row is missing or bad, DATA_LOSS if the file
  // cannot be read.
  static absl::StatusOr<CsvReader> Open(const std::string& path, std::string_view delimiters = ",");

  // Cells of the header row.
  const std::vector<std::string>& header() const { return scanner_.column_names(); }

  // Number of bytes of the (inflated) file that were processed.
  int64_t bytes_read() const { return scanner_.bytes_read(); }

  // Reads the next row, good or bad. False at the end of the file. DATA_LOSS if the file cannot be
  // read.
  absl::StatusOr<bool> Next(CsvRow* row);

 private:
  explicit CsvReader(ByteSource source);

  absl::Status ReadHeader(std::string_view delimiters);

  CsvScanner scanner_;
  int64_t row_number_ = 0;
  std::string wrong_size_;  // Error of a row with more or fewer cells than the header.
};

}  // namespace clustr::importing

#endif  // CLUSTR_COMMON_IMPORTING_CSV_READER_H_
