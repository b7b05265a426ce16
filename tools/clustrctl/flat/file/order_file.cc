#include "tools/clustrctl/flat/file/order_file.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/flat/file/book_builder.h"
#include "tools/clustrctl/flat/input/other_encoding.h"
#include "tools/clustrctl/flat/input/text_input.h"
#include "tools/clustrctl/flat/kinds/kind_of_row.h"
#include "tools/clustrctl/flat/values/cell_text.h"
#include "tools/clustrctl/print/numbers.h"

namespace clustr::ctl {
namespace {

constexpr int64_t kRowsBetweenProgress = 1000;
constexpr size_t kHeadBytes = 256 * 1024;
constexpr size_t kMaxFooterRows = 3;

absl::Status FileError(const std::string& path, const absl::Status& status) {
  if (status.code() == absl::StatusCode::kInvalidArgument) return status;
  return absl::FailedPreconditionError(absl::StrCat(path, ": ", status.message()));
}

// Whether the value seems to be that of orders that came about.
bool LooksGood(absl::string_view lower) {
  for (const char* part : {"complet", "paid", "deliver", "shipped", "fulfil", "done", "sold",
                           "closed", "abgeschlossen", "bezahlt", "versandt", "livr", "termin",
                           "selesai", "normal", "original"}) {
    if (absl::StrContains(lower, part) && !absl::StrContains(lower, "un")) return true;
  }
  return IsWordForSale({lower.data(), lower.size()}) ||
         IsWordForGoods({lower.data(), lower.size()});
}

// The value that most looks like that of an order which never came about, or else the rarest of
// those that do not look as if it did.
const std::string& ValueToLeaveOut(const ColumnValues& column) {
  const std::pair<std::string, int64_t>* rarest = &column.values[0];
  bool rarest_is_good = true;
  for (const auto& value : column.values) {
    const std::string lower = absl::AsciiStrToLower(value.first);
    for (const char* part : {"cancel", "void", "refund", "fail", "storn", "annul", "delet"}) {
      if (absl::StrContains(lower, part)) return value.first;
    }
    const bool is_good = LooksGood(lower);
    if (is_good && !rarest_is_good) continue;
    if (is_good == rarest_is_good && value.second > rarest->second) continue;
    rarest = &value;
    rarest_is_good = is_good;
  }
  return rarest->first;
}

// How values that may stand for returns are read as such; empty if there are none.
std::string ReturnsText(const ColumnValues& column) {
  if (column.may_be_returns.empty()) return "";
  return absl::StrCat("; if ", absl::StrJoin(column.may_be_returns, ", "),
                      column.may_be_returns.size() == 1 ? " stands" : " stand",
                      " for returns, call the column \"transaction type\"");
}

// The columns without a role that no condition uses.
std::vector<size_t> UnusedColumns(const FlatColumns& columns, const FileSettings& settings) {
  std::vector<RowCondition> conditions = settings.where;
  if (!settings.with_cancelled) {
    for (auto& one : FormConditions(columns.header(), settings.where)) {
      conditions.push_back(std::move(one));
    }
  }
  std::vector<size_t> unused;
  for (const size_t place : columns.ignored()) {
    const absl::string_view name = absl::StripAsciiWhitespace(columns.header()[place]);
    if (std::none_of(conditions.begin(), conditions.end(), [&](const RowCondition& condition) {
          return absl::EqualsIgnoreCase(condition.column, name);
        })) {
      unused.push_back(place);
    }
  }
  return unused;
}

}  // namespace

absl::StatusOr<std::unique_ptr<OrderFile>> OrderFile::Open(const std::string& path,
                                                           FileSettings settings) {
  CLUSTR_ASSIGN_OR_RETURN(PlainFile plain, PlainFile::Open(path));
  std::unique_ptr<OrderFile> file(new OrderFile(path, std::move(settings), std::move(plain)));
  absl::Status status = file->FindColumns();
  if (status.ok()) status = file->SurveyRows();
  if (!status.ok()) return FileError(path, status);
  return file;
}

absl::Status OrderFile::FindColumns() {
  CLUSTR_ASSIGN_OR_RETURN(TextInput input, TextInput::Open(file_.path(), settings_.encoding));
  encoding_ = input.encoding();
  std::string head(kHeadBytes, '\0');
  size_t size = 0;
  while (kHeadBytes - size >= 64) {
    CLUSTR_ASSIGN_OR_RETURN(const size_t count, input.Read(head.data() + size, kHeadBytes - size));
    if (count == 0) break;
    size += count;
  }
  head.resize(size);
  if (encoding_.empty()) {
    const std::string why = WhyOtherEncoding(head);
    if (!why.empty()) return absl::FailedPreconditionError(why);
  }
  if (!settings_.baskets) {
    CLUSTR_ASSIGN_OR_RETURN(layout_, FindLayout(head, settings_.columns));
    const std::vector<std::string>& header = layout_.columns.header();
    CLUSTR_ASSIGN_OR_RETURN(filter_, RowFilter::Bind(header, settings_.where));
    if (settings_.with_cancelled) {
      layout_.columns.Release(Role::kCancelled);
      return absl::OkStatus();
    }
    CLUSTR_ASSIGN_OR_RETURN(form_filter_,
                            RowFilter::Bind(header, FormConditions(header, settings_.where)));
    return absl::OkStatus();
  }
  const std::string name = settings_.basket.name.empty()
                               ? std::filesystem::path(path_).filename().string()
                               : settings_.basket.name;
  CLUSTR_ASSIGN_OR_RETURN(
      baskets_, Baskets::Find(head, settings_.columns, settings_.where, settings_.basket, name));
  layout_.separator = baskets_->separator();
  layout_.records_before_header = baskets_->has_header() ? 0 : -1;
  CLUSTR_ASSIGN_OR_RETURN(layout_.columns, FlatColumns::Bind(Baskets::Header(), {}));
  CLUSTR_ASSIGN_OR_RETURN(basket_filter_, RowFilter::Bind(baskets_->header(), settings_.where));
  return absl::OkStatus();
}

// A scanner behind the header row.
absl::StatusOr<RecordScanner> OrderFile::StartScan() {
  CLUSTR_ASSIGN_OR_RETURN(TextInput opened, TextInput::Open(file_.path(), settings_.encoding));
  auto input = std::make_shared<TextInput>(std::move(opened));
  RecordScanner scanner([input](char* to, size_t size) { return input->Read(to, size); },
                        layout_.separator);
  for (int record = 0; record <= layout_.records_before_header; ++record) {
    CLUSTR_RETURN_IF_ERROR(scanner.Next().status());
  }
  if (baskets_.has_value()) return scanner;
  scanner.set_width(scanner.cells().size());
  shapes_.SetHeader(scanner.cells(), layout_.width);
  return scanner;
}

absl::Status OrderFile::SurveyRows() {
  survey_ = std::make_unique<Survey>(&layout_.columns, &filter_, &form_filter_, &settings_);
  where_ = std::make_unique<WhereSurvey>(baskets_.has_value() ? &basket_filter_ : &filter_);
  parts_ = std::make_unique<ItemParts>(&layout_.columns);
  CLUSTR_ASSIGN_OR_RETURN(RecordScanner scanner, StartScan());
  bool below_other_header = false;
  int64_t basket = 0;
  while (true) {
    CLUSTR_ASSIGN_OR_RETURN(const bool found, scanner.Next());
    if (!found) break;
    const auto& cells = scanner.cells();
    if (baskets_.has_value()) {
      if (!WhyUnreadable(scanner).empty()) continue;
      where_->Add(cells);
      for (const auto& row : baskets_->Split(cells, ++basket)) survey_->Add(row);
    } else if (shapes_.IsHeaderAgain(cells)) {
      below_other_header = false;
    } else if (shapes_.IsOtherHeader(cells)) {
      below_other_header = true;
    } else if (!below_other_header && WhyUnreadable(scanner).empty() && !shapes_.IsSummary(cells)) {
      where_->Add(cells);
      parts_->Survey(cells, HasPrice(cells));
      survey_->Add(cells);
    }
  }
  CLUSTR_ASSIGN_OR_RETURN(conventions_, survey_->Decide());
  if (!conventions_.moved.empty()) {
    for (const auto& [role, place] : conventions_.moved) layout_.columns.Move(role, place);
    return SurveyRows();
  }
  if (!conventions_.total_is_of_line) layout_.columns.Release(Role::kTotal);
  if (!conventions_.times_are_read) layout_.columns.Release(Role::kTime);
  if (settings_.with_cancelled || baskets_.has_value()) return absl::OkStatus();
  std::vector<RowCondition> conditions = FormConditions(columns().header(), settings_.where);
  for (RowCondition& one : survey_->states().Conditions()) conditions.push_back(std::move(one));
  CLUSTR_ASSIGN_OR_RETURN(form_filter_, RowFilter::Bind(columns().header(), conditions));
  return absl::OkStatus();
}

// Whether a price or total of the row is above or below 0.
bool OrderFile::HasPrice(absl::Span<const std::string_view> cells) const {
  const auto has = [&](Role role) {
    return columns().Cell(cells, role).find_first_of("123456789") != std::string_view::npos;
  };
  return has(Role::kPrice) || has(Role::kTotal);
}

// Why the record has no cells that fit the header, with the remedy; empty if it has.
std::string OrderFile::WhyUnreadable(const RecordScanner& record) const {
  if (record.is_overlong()) {
    return "is longer than 1 MiB; shorten it, or close a quote that is still open";
  }
  return baskets_.has_value() ? baskets_->WhyTooWide(record.cells())
                              : shapes_.WhyUnfit(record.cells(), layout_.separator);
}

// Takes the rows of a file one by one and refuses, skips or builds each. Refused rows at the end
// of the file may be its footer.
class OrderFile::Reading {
 public:
  Reading(OrderFile& file, OrderBook* book, Refusals* refusals)
      : file_(file),
        book_(*book),
        refusals_(*refusals),
        builder_(&file.layout_.columns, &file.filter_, &file.form_filter_, file.settings_.days,
                 file.conventions_, file.parts_.get(), book) {}

  void Take(const RecordScanner& record) {
    StartRow(record);
    const RowShapes& shapes = file_.shapes_;
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
    std::string why = file_.WhyUnreadable(record);
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
  void TakeBasket(const RecordScanner& record, Baskets* baskets, const RowFilter& filter) {
    ++baskets_;
    const std::string why = file_.WhyUnreadable(record);
    const auto rows =
        why.empty() ? baskets->Split(record.cells(), baskets_) : absl::Span<const Baskets::Cells>();
    const auto verdict = filter.Check(record.cells());
    const bool fits = verdict == RowFilter::Verdict::kCounts ||
                      (verdict == RowFilter::Verdict::kOpen && filter.empty_cells_fit());
    const std::string state =
        file_.settings_.with_cancelled ? "" : baskets->StateAgainst(record.cells());
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

  void Finish() {
    for (const auto& row : footer_) SkipRow(row.error.row());
    builder_.Finish(&refusals_);
  }

  const std::string& currency() const { return builder_.currency(); }

 private:
  struct RefusedRow {
    common::v1::RowError error;
    bool is_lost = false;  // Its order is unknown.
  };

  void StartRow(const RecordScanner& record) {
    ++book_.rows;
    book_.line_numbers.Add(book_.rows, record.line());
    if (!record.has_stray_quote()) return;
    book_.notes.Add(Note::kStrayQuote, absl::StrCat("row ", book_.rows));
  }

  size_t Width() const { return file_.columns().header().size(); }

  // Why the last row, which lacks cells and a line break while all others have them, is taken for
  // the place where the file was cut off; empty if it is not.
  std::string WhyCutOff(const RecordScanner& record) const {
    const bool is_whole = record.has_line_end() || record.cells().size() >= Width();
    if (is_whole || has_short_rows_ || book_.rows == 1) return "";
    if (file_.shapes_.MayBeFooter(record.cells())) return "";
    return absl::StrCat("has ", record.cells().size(), " cells where the header has ", Width(),
                        ", and no line break, so the file seems to be cut off here; export it "
                        "again, or complete the row");
  }

  // Why a row is refused that is a header with its columns in other places, or below such a one.
  std::string WhyBelow(bool is_other_header) const {
    if (is_other_header) {
      return "is another header, with its columns in other places; import what is below it as a "
             "file of its own";
    }
    return absl::StrCat("is below another header, that of row ", other_header_row_,
                        "; import what is below that row as a file of its own");
  }

  void Build(absl::Span<const std::string_view> cells) {
    RefusedRow row;
    const BookBuilder::Fate fate = builder_.Read(book_.rows, cells, &row.error);
    if (fate == BookBuilder::Fate::kSkipped) return;
    const bool refused = fate != BookBuilder::Fate::kTaken;
    row.is_lost = fate == BookBuilder::Fate::kLost;
    if (refused && file_.shapes_.MayBeFooter(cells) && !footer_is_too_long_) {
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

  void SkipRow(int64_t row) {
    ++book_.summary_rows;
    book_.notes.Add(Note::kNoLine, absl::StrCat("row ", row));
  }

  // Refuses rows that turned out to be no footer.
  void Flush() {
    for (auto& row : footer_) Refuse(std::move(row));
    footer_.clear();
  }

  void Refuse(RefusedRow row) {
    book_.has_lost_rows = book_.has_lost_rows || row.is_lost;
    refusals_.Add(std::move(row.error));
  }

  const OrderFile& file_;
  OrderBook& book_;
  Refusals& refusals_;
  BookBuilder builder_;
  std::vector<RefusedRow> footer_;
  bool footer_is_too_long_ = false;  // The rows above are more than a footer has, and so are none.
  bool has_short_rows_ = false;      // A row above has fewer cells than the header.
  int64_t other_header_row_ = 0;     // The header above if it is not that of the file; else 0.
  int64_t baskets_ = 0;
};

absl::Status OrderFile::Read(Progress progress, OrderBook* book, Refusals* refusals) {
  absl::StatusOr<RecordScanner> scanner = StartScan();
  if (!scanner.ok()) return FileError(path_, scanner.status());
  book->has_totals = layout_.columns.Has(Role::kTotal);
  book->orders_are_numbered = baskets_.has_value() && baskets_->are_numbered();
  Reading reading(*this, book, refusals);
  for (int64_t record = 1;; ++record) {
    const absl::StatusOr<bool> found = scanner->Next();
    if (!found.ok()) return FileError(path_, found.status());
    if (!*found) break;
    if (baskets_.has_value()) {
      reading.TakeBasket(*scanner, &*baskets_, basket_filter_);
    } else {
      reading.Take(*scanner);
    }
    if (record % kRowsBetweenProgress == 0) progress(book->rows, scanner->bytes_read());
  }
  reading.Finish();
  currency_ = reading.currency();
  if (currency_.empty()) currency_ = survey_->Currency();
  return absl::OkStatus();
}

std::vector<std::string> OrderFile::Notes() const {
  std::vector<std::string> notes;
  const FlatColumns& columns = layout_.columns;
  if (!file_.member().empty()) notes.push_back(absl::StrCat("read ", file_.member(), " in it"));
  if (!encoding_.empty()) notes.push_back(absl::StrCat("read as ", encoding_, " text"));
  if (!columns.preset().empty()) {
    notes.push_back(absl::StrCat("read as an export of ", columns.preset()));
  }
  notes.insert(notes.end(), columns.notes().begin(), columns.notes().end());
  if (baskets_.has_value()) {
    for (std::string& note : baskets_->Notes()) notes.push_back(std::move(note));
    for (std::string& note : where_->Notes()) notes.push_back(std::move(note));
    return notes;
  }
  if (!columns.Has(Role::kQuantity)) {
    notes.push_back(
        "no column is the quantity, so each row is one unit; if there is one, name it "
        "with --columns=quantity=NAME");
  }
  if (!columns.Has(Role::kPrice) && !columns.Has(Role::kTotal)) {
    notes.push_back(
        "no column is the price, so all prices are 0; if there is one, name it with "
        "--columns=price=NAME, or with total=NAME if it holds the total of the line");
  }
  if (!conventions_.total_is_of_line) {
    notes.push_back(
        "the column total is not quantity times price, so it is not the total of its "
        "line and was ignored; if it is, say --columns=total=total");
  }
  if (survey_->total_may_be_of_order()) {
    notes.push_back(absl::StrCat(
        "all rows of each order have the same ", Quoted(columns.Name(Role::kTotal)),
        ", which was read as the total of each line; if it is the total of the order, give the "
        "column another name, or give a column of prices with --columns=price=NAME"));
  }
  const std::vector<size_t> ignored = UnusedColumns(columns, settings_);
  if (!ignored.empty()) {
    notes.push_back(absl::StrCat("ignored columns without a role: ",
                                 absl::StrJoin(ignored, ", ", [&](std::string* out, size_t place) {
                                   absl::StrAppend(out, columns.header()[place]);
                                 })));
  }
  for (const size_t place : ignored) {
    const std::string& name = columns.header()[place];
    if (columns.Has(Role::kTotal) || !conventions_.total_is_of_line || !NamesATotal(name)) continue;
    notes.push_back(absl::StrCat("the column ", Quoted(name),
                                 " looks like the total of a line, discounts included; if it is, "
                                 "say --columns=total=\"",
                                 name, "\""));
  }
  for (std::string& note : where_->Notes()) notes.push_back(std::move(note));
  for (const ColumnValues& status : survey_->states().Counted()) {
    notes.push_back(absl::StrCat("rows count whatever their ", Quoted(status.column), ": ",
                                 status.Text(), "; to leave some out, say for example --where='",
                                 status.column, "!=", ValueToLeaveOut(status), "'",
                                 ReturnsText(status)));
  }
  return notes;
}

}  // namespace clustr::ctl
