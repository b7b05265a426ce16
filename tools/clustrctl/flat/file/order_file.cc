#include "tools/clustrctl/flat/file/order_file.h"

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/flat/file/file_notes.h"
#include "tools/clustrctl/flat/file/file_reading.h"
#include "tools/clustrctl/flat/input/other_encoding.h"
#include "tools/clustrctl/flat/input/text_input.h"

namespace clustr::ctl {
namespace {

constexpr int64_t kRowsBetweenProgress = 1000;
constexpr size_t kHeadBytes = 256 * 1024;

absl::Status FileError(const std::string& path, const absl::Status& status) {
  if (status.code() == absl::StatusCode::kInvalidArgument) return status;
  return absl::FailedPreconditionError(absl::StrCat(path, ": ", status.message()));
}

// Refuses --return-where with --baskets, and says how to leave those rows out.
absl::Status CheckNoReturns(const std::vector<RowCondition>& return_where) {
  if (return_where.empty()) return absl::OkStatus();
  RowCondition others = return_where[0];
  others.is_one_of = !others.is_one_of;
  return absl::InvalidArgumentError(absl::StrCat(
      ConditionText("return-where", return_where[0]),
      " does nothing with --baskets, since each basket is a purchase as a whole; leave returns out "
      "with ",
      ConditionText("where", others)));
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
    const bool has_day = settings_.days.day.has_value();
    CLUSTR_ASSIGN_OR_RETURN(layout_, FindLayout(head, settings_.columns, has_day));
    if (has_day && columns().Has(Role::kDate)) {
      return absl::FailedPreconditionError(
          absl::StrCat("the file has a column of dates, ", Quoted(columns().Name(Role::kDate)),
                       "; leave --day out, or leave out that column"));
    }
    const std::vector<std::string>& header = layout_.columns.header();
    CLUSTR_ASSIGN_OR_RETURN(filter_, RowFilter::Bind(header, settings_.where));
    CLUSTR_ASSIGN_OR_RETURN(returns_, PlaceReturns(header, settings_.return_where));
    if (settings_.with_cancelled) {
      layout_.columns.Release(Role::kCancelled);
      return absl::OkStatus();
    }
    CLUSTR_ASSIGN_OR_RETURN(form_filter_,
                            RowFilter::Bind(header, FormConditions(header, settings_.where)));
    return absl::OkStatus();
  }
  CLUSTR_RETURN_IF_ERROR(CheckNoReturns(settings_.return_where));
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
  survey_ =
      std::make_unique<Survey>(&layout_.columns, &filter_, &form_filter_, &settings_, &returns_);
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
  if (conventions_.orders_are_lines) {
    layout_.columns.TakeKeyForOrder();
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
  std::string why = WhyOverlong(record);
  if (!why.empty()) return why;
  return baskets_.has_value() ? baskets_->WhyTooWide(record.cells())
                              : shapes_.WhyUnfit(record.cells(), layout_.separator);
}

absl::Status OrderFile::Read(Progress progress, OrderBook* book, Refusals* refusals) {
  absl::StatusOr<RecordScanner> scanner = StartScan();
  if (!scanner.ok()) return FileError(path_, scanner.status());
  book->has_totals = layout_.columns.Has(Role::kTotal);
  book->orders_are_numbered = baskets_.has_value() && baskets_->are_numbered();
  FileReading reading({&layout_.columns, &filter_, &form_filter_, &settings_, &conventions_,
                       &shapes_, layout_.separator, parts_.get()},
                      book, refusals);
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
  if (!file_.member().empty()) notes.push_back(absl::StrCat("read ", file_.member(), " in it"));
  if (!encoding_.empty()) notes.push_back(absl::StrCat("read as ", encoding_, " text"));
  const std::vector<std::string> more =
      baskets_.has_value() ? BasketNotes(columns(), *baskets_, *where_)
                           : ColumnNotes({columns(), conventions_, settings_, *survey_, *where_});
  notes.insert(notes.end(), more.begin(), more.end());
  return notes;
}

}  // namespace clustr::ctl
