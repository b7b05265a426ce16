#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_INPUT_RECORD_SCANNER_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_INPUT_RECORD_SCANNER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace clustr::ctl {

// Splits text into records of cells, as forgivingly as is safe. (importing::CsvScanner reads the
// files that clustrctl writes itself, and refuses what is not in their form.) Lines end with LF,
// CRLF or CR. A cell may be in quotes, and then contains separators, line breaks, and `""` for a
// quote. A quote inside a cell, or one that is opened and never closed, is text: it never takes the
// lines that follow with it. Records of empty cells are passed over like blank lines. Control
// characters are kept. Cells point into one buffer of 1 MiB. Not thread-safe.
//
// A quoted cell with line breaks is taken for an unclosed quote if the lines between, without
// regard to quotes, are themselves records with the right number of cells.
class RecordScanner {
 public:
  // Reads up to a number of bytes to a buffer; returns 0 only at the end.
  using Read = std::function<absl::StatusOr<size_t>(char*, size_t)>;

  RecordScanner(Read read, char separator);

  // The number of cells that the header has. Before it is set, no line break ends a quoted cell.
  void set_width(size_t width) { width_ = width; }

  // Scans the next record that has a cell with text. False at the end. DATA_LOSS if reading fails.
  absl::StatusOr<bool> Next();

  // The cells of the record, valid until the next call of Next.
  const std::vector<std::string_view>& cells() const { return cells_; }
  // True if the record was longer than 1 MiB: it has no cells, and its first line was skipped.
  bool is_overlong() const { return is_overlong_; }
  // True if the record has a quote that was opened and not closed, and so was taken as text.
  bool has_stray_quote() const { return has_stray_quote_; }
  // True if the record ends with a line break, and not with the end of the text.
  bool has_line_end() const { return has_line_end_; }
  // The line of the text at which the record begins, from 1 on.
  int64_t line() const { return line_; }
  // Bytes read up to the end of the record.
  int64_t bytes_read() const { return bytes_read_; }

 private:
  enum class Scan { kDone, kNeedsMore };

  absl::Status Refill();
  absl::Status SkipLine();
  Scan ScanRecord();
  Scan ScanQuotedCell(char* open, char** end_of_cell);
  bool IsSeparatorOrEnd(const char* p) const;
  bool LinesAreRecords(const char* first_break, const char* last) const;
  bool IsFull() const;

  Read read_;
  char separator_;
  size_t width_ = 0;
  std::unique_ptr<char[]> buffer_;
  char* begin_;  // First byte that is not consumed.
  char* end_;    // One past the last byte read; always holds a line feed, which ends every scan.
  bool at_end_ = false;
  bool started_ = false;
  std::array<bool, 256> bare_stops_{};
  std::array<bool, 256> quoted_stops_{};

  std::vector<std::string_view> cells_;
  std::vector<size_t> escaped_cells_;  // Indices in cells_ that contain `""`.
  int64_t breaks_in_cells_ = 0;        // Line breaks inside the quoted cells of the record.
  bool is_overlong_ = false;
  bool has_stray_quote_ = false;
  bool has_line_end_ = false;
  int64_t line_ = 0;
  int64_t next_line_ = 1;
  int64_t bytes_read_ = 0;
};

// Reads from a text in memory, which must outlive the scanner.
RecordScanner::Read ReadFrom(std::string_view text);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_INPUT_RECORD_SCANNER_H_
