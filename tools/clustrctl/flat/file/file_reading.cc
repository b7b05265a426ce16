#include "tools/clustrctl/flat/file/file_reading.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace clustr::ctl {
namespace {

constexpr size_t kMaxFooterRows = 3;

}  // namespace

std::string WhyOverlong(const RecordScanner& record) {
  if (!record.is_overlong()) return "";
  return "is longer than 1 MiB; shorten it, or close a quote that is still open";
}

FileReading::FileReading(const Parts& parts, OrderBook* book, Refusals* refusals)
    : parts_(parts),
      book_(*book),
      refusals_(*refusals),
      builder_(parts.columns, parts.filter, parts.form_filter, parts.settings->days,
               *parts.conventions, parts.item_parts, book) {}

void FileReading::Take(const RecordScanner& record) {
  StartRow(record);
  const RowShapes& shapes = *parts_.shapes;
  if (shapes.IsHeaderAgain(record.cells())) {
    other_header_row_ = 0;
    book_.repeated_headers.push_back(static_cast<uint32_t>(book_.rows));
    SkipRow(book_.rows);
    return;
  }
  const bool is_other_header = shapes.IsOtherHeader(record.cells());
  if (is_other_header) other_header_row_ = book_.rows;
  if (other_header_row_ != 0) {
    Flush();
    builder_.Lose({});
    refusals_.Add(book_.rows, "", WhyBelow(is_other_header));
    return;
  }
  std::string why = WhyUnreadable(record);
  if (why.empty() && shapes.IsSummary(record.cells())) {
    SkipRow(book_.rows);
    return;
  }
  if (why.empty()) why = WhyCutOff(record);
  if (why.empty()) {
    has_short_rows_ = has_short_rows_ || record.cells().size() < Width();
    Build(record.cells());
    return;
  }
  Flush();
  // The only cell of a row may be less than what belongs there.
  builder_.Lose(record.cells().size() > 1 ? record.cells() : std::vector<std::string_view>());
  refusals_.Add(book_.rows, "", why);
}

// Takes a basket: each of its items is one row. A basket without items is skipped.
void FileReading::TakeBasket(const RecordScanner& record, Baskets* baskets,
                             const RowFilter& filter) {
  ++baskets_;
  std::string why = WhyOverlong(record);
  if (why.empty()) why = baskets->WhyTooWide(record.cells());
  const auto rows =
      why.empty() ? baskets->Split(record.cells(), baskets_) : absl::Span<const Baskets::Cells>();
  const auto verdict = filter.Check(record.cells());
  const bool fits = verdict == RowFilter::Verdict::kCounts ||
                    (verdict == RowFilter::Verdict::kOpen && filter.empty_cells_fit());
  const std::string state =
      parts_.settings->with_cancelled ? "" : baskets->StateAgainst(record.cells());
  const bool counts = fits && state.empty();
  if (fits && !counts) book_.notes.Add(Note::kNeverCameAbout, state);
  if (rows.empty() || !counts) {
    StartRow(record);
    if (!why.empty()) {
      refusals_.Add(book_.rows, "", why);
    } else if (counts) {
      SkipRow(book_.rows);
    } else {
      ++book_.unwanted;
    }
    return;
  }
  for (const Baskets::Cells& row : rows) {
    StartRow(record);
    Build(row);
  }
}

void FileReading::Finish() {
  for (const auto& row : footer_) SkipRow(row.error.row());
  builder_.Finish(&refusals_);
}

void FileReading::StartRow(const RecordScanner& record) {
  ++book_.rows;
  book_.line_numbers.Add(book_.rows, record.line());
  if (!record.has_stray_quote()) return;
  book_.notes.Add(Note::kStrayQuote, absl::StrCat("row ", book_.rows));
}

std::string FileReading::WhyUnreadable(const RecordScanner& record) const {
  std::string why = WhyOverlong(record);
  return why.empty() ? parts_.shapes->WhyUnfit(record.cells(), parts_.separator) : why;
}

// Why the last row, which lacks cells and a line break while all others have them, is taken for
// the place where the file was cut off; empty if it is not.
std::string FileReading::WhyCutOff(const RecordScanner& record) const {
  const bool is_whole = record.has_line_end() || record.cells().size() >= Width();
  if (is_whole || has_short_rows_ || book_.rows == 1) return "";
  if (parts_.shapes->MayBeFooter(record.cells())) return "";
  return absl::StrCat("has ", record.cells().size(), " cells where the header has ", Width(),
                      ", and no line break, so the file seems to be cut off here; export it "
                      "again, or complete the row");
}

// Why a row is refused that is a header with its columns in other places, or below such a one.
std::string FileReading::WhyBelow(bool is_other_header) const {
  if (is_other_header) {
    return "is another header, with its columns in other places; import what is below it as a "
           "file of its own";
  }
  return absl::StrCat("is below another header, that of row ", other_header_row_,
                      "; import what is below that row as a file of its own");
}

void FileReading::Build(absl::Span<const std::string_view> cells) {
  RefusedRow row;
  const BookBuilder::Fate fate = builder_.Read(book_.rows, cells, &row.error);
  if (fate == BookBuilder::Fate::kSkipped) return;
  const bool refused = fate != BookBuilder::Fate::kTaken;
  row.is_lost = fate == BookBuilder::Fate::kLost;
  if (refused && parts_.shapes->MayBeFooter(cells) && !footer_is_too_long_) {
    footer_.push_back(std::move(row));
    if (footer_.size() <= kMaxFooterRows) return;
    Flush();
    footer_is_too_long_ = true;
    return;
  }
  Flush();
  footer_is_too_long_ = footer_is_too_long_ && refused;
  if (refused) Refuse(std::move(row));
}

void FileReading::SkipRow(int64_t row) {
  ++book_.summary_rows;
  book_.notes.Add(Note::kNoLine, absl::StrCat("row ", row));
}

// Refuses rows that turned out to be no footer.
void FileReading::Flush() {
  for (auto& row : footer_) Refuse(std::move(row));
  footer_.clear();
}

void FileReading::Refuse(RefusedRow row) {
  book_.has_lost_rows = book_.has_lost_rows || row.is_lost;
  refusals_.Add(std::move(row.error));
}

}  // namespace clustr::ctl
