#include "tools/clustrctl/flat/input/record_scanner.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "common/base/status_macros.h"

namespace clustr::ctl {
namespace {

constexpr size_t kBufferBytes = 1 << 20;
// A quoted cell with line breaks may have so many bytes; behind them, its quote counts as unclosed.
constexpr ptrdiff_t kMaxBrokenCell = 64 * 1024;
constexpr size_t kMinRead = 64;

bool IsLineEnd(char c) { return c == '\n' || c == '\r'; }

char* SkipTo(const std::array<bool, 256>& stops, char* p) {
  while (!stops[static_cast<unsigned char>(*p)]) ++p;
  return p;
}

// One past the end of a line whose last character before its end is at `p`.
char* AfterBreak(char* p) { return p + (*p == '\r' && p[1] == '\n' ? 2 : 1); }

// Replaces each `""` by `"`, in place.
std::string_view Unescape(std::string_view cell) {
  char* const first = const_cast<char*>(cell.data());
  char* to = first;
  for (size_t i = 0; i < cell.size(); ++i) {
    *to++ = cell[i];
    if (cell[i] == '"' && i + 1 < cell.size() && cell[i + 1] == '"') ++i;
  }
  return {first, static_cast<size_t>(to - first)};
}

// A literal cell without the quotes around it.
std::string_view WithoutOuterQuotes(std::string_view cell) {
  const bool quoted = cell.size() >= 2 && cell.front() == '"' && cell.back() == '"';
  return quoted ? cell.substr(1, cell.size() - 2) : cell;
}

bool IsBlank(const std::vector<std::string_view>& cells) {
  return std::all_of(cells.begin(), cells.end(), [](std::string_view cell) {
    return cell.find_first_not_of(" \t") == std::string_view::npos;
  });
}

}  // namespace

RecordScanner::RecordScanner(Read read, char separator)
    : read_(std::move(read)),
      separator_(separator),
      buffer_(std::make_unique_for_overwrite<char[]>(kBufferBytes + 2)),
      begin_(buffer_.get()),
      end_(buffer_.get()) {
  end_[0] = end_[1] = '\n';
  for (const char c : {'\n', '\r', separator}) bare_stops_[static_cast<unsigned char>(c)] = true;
  for (const char c : {'\n', '\r', '"'}) quoted_stops_[static_cast<unsigned char>(c)] = true;
}

absl::StatusOr<bool> RecordScanner::Next() {
  if (!started_) {
    started_ = true;
    CLUSTR_RETURN_IF_ERROR(Refill());
    if (end_ - begin_ >= 3 && std::memcmp(begin_, "\xEF\xBB\xBF", 3) == 0) begin_ += 3;
  }
  while (true) {
    if (begin_ == end_ && at_end_) return false;
    is_overlong_ = false;
    if (ScanRecord() == Scan::kNeedsMore) {
      if (IsFull()) {
        CLUSTR_RETURN_IF_ERROR(SkipLine());
        return true;
      }
      CLUSTR_RETURN_IF_ERROR(Refill());
    } else if (!IsBlank(cells_)) {
      for (const size_t i : escaped_cells_) cells_[i] = Unescape(cells_[i]);
      return true;
    }
  }
}

bool RecordScanner::IsFull() const {
  return end_ - begin_ > static_cast<ptrdiff_t>(kBufferBytes - kMinRead);
}

// Moves the bytes that are not consumed to the front and fills the rest of the buffer.
absl::Status RecordScanner::Refill() {
  const size_t kept = end_ - begin_;
  std::memmove(buffer_.get(), begin_, kept);
  begin_ = buffer_.get();
  end_ = begin_ + kept;
  while (!at_end_ && kBufferBytes - (end_ - begin_) >= kMinRead) {
    CLUSTR_ASSIGN_OR_RETURN(const size_t count, read_(end_, kBufferBytes - (end_ - begin_)));
    at_end_ = count == 0;
    end_ += count;
  }
  end_[0] = end_[1] = '\n';
  return absl::OkStatus();
}

// Skips the record that fills the buffer, up to the end of its first line.
absl::Status RecordScanner::SkipLine() {
  is_overlong_ = true;
  has_stray_quote_ = false;
  has_line_end_ = true;
  cells_.clear();
  line_ = next_line_++;
  while (true) {
    char* const line_feed = std::find(begin_, end_, '\n');
    char* const next = line_feed == end_ ? end_ : line_feed + 1;
    bytes_read_ += next - begin_;
    begin_ = next;
    if (line_feed != end_ || at_end_) return absl::OkStatus();
    CLUSTR_RETURN_IF_ERROR(Refill());
  }
}

// Scans one record, from begin_ on, to cells_; does not consume it if the buffer lacks its end.
RecordScanner::Scan RecordScanner::ScanRecord() {
  cells_.clear();
  escaped_cells_.clear();
  breaks_in_cells_ = 0;
  has_stray_quote_ = false;
  char* cell = begin_;
  while (true) {
    char* p = cell;
    // Also over a no-break space, in UTF-8 or in an older encoding, before a quote.
    while (*p == ' ' && separator_ != ' ') ++p;
    if (*p == '\xC2' && p[1] == '\xA0' && p[2] == '"') p += 2;
    if (*p == '\xA0' && p[1] == '"') ++p;
    if (*p == '"' && p != end_) {
      char* end_of_cell = nullptr;
      if (ScanQuotedCell(p, &end_of_cell) == Scan::kNeedsMore) return Scan::kNeedsMore;
      p = end_of_cell;
    } else {
      p = SkipTo(bare_stops_, p);
      cells_.emplace_back(cell, p - cell);
    }
    if (*p == separator_ && p < end_) {
      cell = p + 1;
      continue;
    }
    char* const next = AfterBreak(p);
    if (next >= end_ && !at_end_) return Scan::kNeedsMore;
    has_line_end_ = p < end_;
    line_ = next_line_;
    next_line_ += 1 + breaks_in_cells_;
    bytes_read_ += std::min(next, end_) - begin_;
    begin_ = std::min(next, end_);
    return Scan::kDone;
  }
}

bool RecordScanner::IsSeparatorOrEnd(const char* p) const {
  while (*p == ' ') ++p;
  return *p == separator_ || IsLineEnd(*p);
}

// Adds the cell whose opening quote is at `open`, and sets `end_of_cell` to the separator or line
// end behind it.
RecordScanner::Scan RecordScanner::ScanQuotedCell(char* open, char** end_of_cell) {
  char* first_break = nullptr;
  int64_t breaks = 0;
  bool escapes = false;
  char* p = open + 1;
  while (true) {
    p = SkipTo(quoted_stops_, p);
    const bool too_long = first_break != nullptr && p - open > kMaxBrokenCell;
    if (p >= end_ || too_long) {
      if (p >= end_ && !at_end_ && !IsFull()) return Scan::kNeedsMore;
      break;  // Never closed.
    }
    if (*p != '"') {
      if (first_break == nullptr) first_break = p;
      ++breaks;
      p = AfterBreak(p);
      continue;
    }
    if (p + 1 >= end_ && !at_end_ && !IsFull()) return Scan::kNeedsMore;
    if (p + 1 < end_ && p[1] == '"') {
      escapes = true;
      p += 2;
      continue;
    }
    if (!IsSeparatorOrEnd(p + 1)) {  // A quote inside the cell.
      ++p;
      continue;
    }
    if (first_break != nullptr) {
      const char* const last = std::find_if(p, end_, IsLineEnd);
      if (last == end_ && !at_end_ && !IsFull()) return Scan::kNeedsMore;
      if (LinesAreRecords(first_break, last)) break;
    }
    if (escapes) escaped_cells_.push_back(cells_.size());
    cells_.emplace_back(open + 1, p - open - 1);
    breaks_in_cells_ += breaks;
    char* end = p + 1;
    while (*end == ' ') ++end;
    *end_of_cell = end;
    return Scan::kDone;
  }
  has_stray_quote_ = true;
  char* const end = SkipTo(bare_stops_, open);
  cells_.push_back(WithoutOuterQuotes({open, static_cast<size_t>(end - open)}));
  *end_of_cell = end;
  return Scan::kDone;
}

// Whether the lines behind `first_break` up to `last` are records of their own: more than half of
// them have the width of the header if quotes are text, and so has the record's first line, unless
// several of them have.
bool RecordScanner::LinesAreRecords(const char* first_break, const char* last) const {
  if (width_ < 2) return false;
  const auto width_of = [&](const char* from, const char* to) {
    return static_cast<size_t>(std::count(from, to, separator_)) + 1;
  };
  const bool first_fits = width_of(begin_, first_break) == width_;
  int lines = 0;
  int fitting = 0;
  for (const char* from = first_break; from < last;) {
    from += *from == '\r' && from[1] == '\n' ? 2 : 1;
    const char* to = std::find_if(from, last, IsLineEnd);
    ++lines;
    if (width_of(from, to) == width_) ++fitting;
    from = to;
  }
  return 2 * fitting > lines && (first_fits || fitting > 1);
}

RecordScanner::Read ReadFrom(std::string_view text) {
  return [text](char* to, size_t size) mutable -> absl::StatusOr<size_t> {
    const size_t count = std::min(size, text.size());
    std::memcpy(to, text.data(), count);
    text.remove_prefix(count);
    return count;
  };
}

}  // namespace clustr::ctl
