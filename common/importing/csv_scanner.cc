#include "common/importing/csv_scanner.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/status_macros.h"

namespace clustr::importing {
namespace {

constexpr size_t kBufferBytes = 1 << 20;

// Marks the bytes at which the scan of a cell stops. In a quoted cell the delimiter is text.
std::array<bool, 256> StopBytes(char delimiter, bool quoted) {
  std::array<bool, 256> stops{};
  for (int c = 0; c < 0x20; ++c) stops[c] = true;
  stops[0x7F] = true;
  stops['"'] = true;
  stops[static_cast<unsigned char>(delimiter)] = !quoted;
  return stops;
}

// The one of `delimiters` that occurs most often in `line` outside of quotes; the first one if
// several occur equally often.
char MostFrequent(std::string_view delimiters, std::string_view line) {
  std::array<int, 256> counts{};
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (!quoted) ++counts[static_cast<unsigned char>(c)];
  }
  return *std::max_element(delimiters.begin(), delimiters.end(), [&](char a, char b) {
    return counts[static_cast<unsigned char>(a)] < counts[static_cast<unsigned char>(b)];
  });
}

char* SkipTo(const std::array<bool, 256>& stops, char* p) {
  while (!stops[static_cast<unsigned char>(*p)]) ++p;
  return p;
}

// Replaces each `""` by `"`, in place.
std::string_view Unescape(std::string_view cell) {
  char* const first = const_cast<char*>(cell.data());
  char* to = first;
  for (size_t i = 0; i < cell.size(); ++i) {
    *to++ = cell[i];
    if (cell[i] == '"') ++i;
  }
  return {first, static_cast<size_t>(to - first)};
}

}  // namespace

CsvScanner::CsvScanner(ByteSource source)
    : source_(std::move(source)),
      buffer_(std::make_unique_for_overwrite<char[]>(kBufferBytes + 1)),
      begin_(buffer_.get()),
      end_(buffer_.get()) {
  *end_ = '\n';
}

absl::Status CsvScanner::Start(std::string_view delimiters) {
  CLUSTR_RETURN_IF_ERROR(Refill());
  if (end_ - begin_ >= 3 && std::memcmp(begin_, "\xEF\xBB\xBF", 3) == 0) begin_ += 3;
  const std::string_view read(begin_, end_ - begin_);
  delimiter_ = MostFrequent(delimiters, read.substr(0, read.find('\n')));
  bare_stops_ = StopBytes(delimiter_, /*quoted=*/false);
  quoted_stops_ = StopBytes(delimiter_, /*quoted=*/true);
  return absl::OkStatus();
}

absl::StatusOr<bool> CsvScanner::Next() {
  while (true) {
    if (begin_ == end_ && at_end_of_file_) return false;
    if (ScanRecord() == Scan::kNeedsMore) {
      if (end_ - begin_ == static_cast<ptrdiff_t>(kBufferBytes)) return SkipOverlongRecord();
      CLUSTR_RETURN_IF_ERROR(Refill());
      continue;
    }
    const bool blank = cells_.size() == 1 && cells_[0].data() == nullptr && problem_.empty();
    if (!blank) break;
  }
  for (size_t i : escaped_cells_) cells_[i] = Unescape(cells_[i]);
  return true;
}

// Skips the record that fills the buffer, up to its line feed.
absl::StatusOr<bool> CsvScanner::SkipOverlongRecord() {
  problem_ = "is longer than 1 MiB; shorten it, or close a quote that is still open";
  record_bytes_ = 0;
  while (true) {
    auto* line_feed = static_cast<char*>(std::memchr(begin_, '\n', end_ - begin_));
    char* const next = line_feed == nullptr ? end_ : line_feed + 1;
    record_bytes_ += next - begin_;
    bytes_read_ += next - begin_;
    begin_ = next;
    if (line_feed != nullptr || at_end_of_file_) return true;
    CLUSTR_RETURN_IF_ERROR(Refill());
  }
}

// Moves the bytes that are not consumed to the front and fills the rest of the buffer.
absl::Status CsvScanner::Refill() {
  const size_t kept = end_ - begin_;
  std::memmove(buffer_.get(), begin_, kept);
  begin_ = buffer_.get();
  end_ = begin_ + kept;
  *end_ = '\n';
  CLUSTR_ASSIGN_OR_RETURN(const size_t count, source_.Read(end_, kBufferBytes - kept));
  at_end_of_file_ = count < kBufferBytes - kept;
  end_ += count;
  *end_ = '\n';
  return absl::OkStatus();
}

// Scans one line, from begin_ on, to cells_; does not consume it if the buffer lacks its end.
CsvScanner::Scan CsvScanner::ScanRecord() {
  cells_.clear();
  escaped_cells_.clear();
  problem_.clear();
  abandoned_ = false;
  char* cell = begin_;
  char* p = begin_;
  while (true) {
    p = SkipTo(bare_stops_, p);
    const bool quoted = *p == '"' && p == cell;
    if (quoted) {
      if (ScanQuotedCell(&p) == Scan::kNeedsMore) return Scan::kNeedsMore;
      if (abandoned_) return Scan::kRecord;
    }
    const bool line_end = *p == '\n' || (*p == '\r' && p[1] == '\n');
    if (*p == delimiter_ || line_end) {
      if (!quoted) {
        cells_.push_back(p == cell ? std::string_view() : std::string_view(cell, p - cell));
      }
      if (*p == delimiter_) {
        cell = ++p;
        continue;
      }
      if (*p == '\r') ++p;
      if (p == end_ && !at_end_of_file_) return Scan::kNeedsMore;
      EndRecord(p == end_ ? end_ : p + 1);
      return Scan::kRecord;
    }
    if (*p == '"') {
      SetProblem(absl::StrCat(CurrentColumn(),
                              ": an unquoted cell contains a quote; put the cell in quotes and "
                              "write \"\" for each quote in it"));
    } else {
      RefuseControlCharacter(*p);
    }
    ++p;
  }
}

// Scans from the opening quote at *cursor to the separator after the closing quote and adds the
// cell. If the quote is never closed, the record ends with its first line.
CsvScanner::Scan CsvScanner::ScanQuotedCell(char** cursor) {
  char* const open = *cursor;
  char* first_line_feed = nullptr;
  bool escapes = false;
  char* p = open + 1;
  bool closed = false;
  while (true) {
    p = SkipTo(quoted_stops_, p);
    if (p == end_) {
      const bool full = end_ - begin_ == static_cast<ptrdiff_t>(kBufferBytes);
      if (!at_end_of_file_ && (!full || first_line_feed == nullptr)) return Scan::kNeedsMore;
      break;
    }
    if (*p == '"') {
      if (p + 1 == end_ && !at_end_of_file_) return Scan::kNeedsMore;
      if (p + 1 == end_ || p[1] != '"') {
        closed = true;
        break;
      }
      escapes = true;
      ++p;
    } else if (*p == '\n') {
      if (first_line_feed == nullptr) first_line_feed = p;
      SetProblem(CurrentColumn() + ": contains a line break inside quotes; remove it");
    } else if (*p != '\r' || p[1] != '\n') {
      RefuseControlCharacter(*p);
    }
    ++p;
  }
  if (closed) {
    char* const next = p + 1;
    const bool separator =
        *next == delimiter_ || *next == '\n' || (*next == '\r' && next[1] == '\n');
    if (separator) {
      if (escapes) escaped_cells_.push_back(cells_.size());
      cells_.emplace_back(open + 1, p - open - 1);
      *cursor = next;
      return Scan::kRecord;
    }
  }
  if (closed && first_line_feed == nullptr) {
    SetProblem(CurrentColumn() +
               ": text follows the closing quote; write \"\" for a quote inside the cell");
    first_line_feed = static_cast<char*>(std::memchr(p, '\n', end_ - p));
    if (first_line_feed == nullptr && !at_end_of_file_) return Scan::kNeedsMore;
  } else {
    problem_.clear();
    SetProblem(CurrentColumn() +
               ": a quote is opened but never closed; close it, or write \"\" for a quote");
  }
  abandoned_ = true;
  EndRecord(first_line_feed == nullptr ? end_ : first_line_feed + 1);
  return Scan::kRecord;
}

void CsvScanner::EndRecord(char* next) {
  record_bytes_ = next - begin_;
  bytes_read_ += next - begin_;
  begin_ = next;
}

void CsvScanner::RefuseControlCharacter(char c) {
  SetProblem(absl::StrFormat("%s: contains the control character 0x%02X; remove it",
                             CurrentColumn(), static_cast<unsigned char>(c)));
}

// Keeps the first problem of the record.
void CsvScanner::SetProblem(std::string problem) {
  if (problem_.empty()) problem_ = std::move(problem);
}

std::string CsvScanner::CurrentColumn() const {
  const size_t column = cells_.size();
  return column < column_names_.size() ? column_names_[column]
                                       : absl::StrCat("column ", column + 1);
}

}  // namespace clustr::importing
