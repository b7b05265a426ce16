#include "tools/clustrctl/flat/file/survey.h"

#include <algorithm>
#include <cstdlib>

#include "absl/hash/hash.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/flat/columns/known_names.h"
#include "tools/clustrctl/flat/kinds/guest_words.h"
#include "tools/clustrctl/flat/kinds/kind_of_row.h"
#include "tools/clustrctl/flat/values/cell_text.h"
#include "tools/clustrctl/flat/values/currency.h"
#include "tools/clustrctl/flat/words/header_language.h"
#include "tools/clustrctl/print/numbers.h"

namespace clustr::ctl {
namespace {

constexpr int kEarly = 3 * 60;  // In minutes since midnight.
constexpr int64_t kFewTimes = 4;
constexpr std::array<Role, 3> kNumbers = {Role::kQuantity, Role::kPrice, Role::kTotal};
constexpr size_t kExamples = 3;
constexpr size_t kLines = 200;
constexpr size_t kMaxLines = 600;
constexpr size_t kValues = 8;
constexpr size_t kDropped = SIZE_MAX;  // Place of a column that is no longer watched.

bool NameHas(const std::string& name, std::initializer_list<const char*> parts) {
  const std::string lower = absl::AsciiStrToLower(name);
  return std::any_of(parts.begin(), parts.end(),
                     [&](const char* part) { return absl::StrContains(lower, part); });
}

}  // namespace

Survey::Survey(const FlatColumns* columns, const RowFilter* filter, const RowFilter* form_filter,
               const FileSettings* settings, const std::vector<PlacedCondition>* returns)
    : columns_(*columns),
      filter_(*filter),
      form_filter_(*form_filter),
      settings_(*settings),
      returns_(*returns),
      days_(&settings->days, WritesDayFirst(columns->header())),
      states_(columns, *filter, *returns, settings->with_cancelled),
      twins_(columns->twins().size()),
      time_is_plain_(columns->time_is_assumed() && NamesATimePlainly(columns->Name(Role::kTime))) {
  for (const Role role : kNumbers) {
    numbers_.emplace_back(columns->Name(role), role == Role::kQuantity, settings->currency);
  }
  WatchColumns();
  if (columns->Has(Role::kTotal) || !columns->Has(Role::kPrice)) return;
  for (const size_t place : columns->ignored()) {
    if (NamesADiscount(columns->header()[place])) discounts_.push_back({place, false});
  }
}

std::vector<std::string> Survey::Discounts() const {
  std::vector<std::string> names;
  for (const Discount& column : discounts_) {
    if (column.any) names.push_back(columns_.header()[column.place]);
  }
  return names;
}

void Survey::WatchColumns() {
  for (const size_t place : columns_.ignored()) {
    const std::string& name = columns_.header()[place];
    const bool is_currency = NameHas(name, {"currency", "währung", "devise", "valuta"});
    const bool used = filter_.IsAbout(place) ||
                      std::any_of(returns_.begin(), returns_.end(),
                                  [&](const PlacedCondition& one) { return one.place == place; });
    if (used && !is_currency) continue;
    const bool is_side = NamesASide(name) || NamesAMovement(name);
    // Any other column may turn out to hold currencies.
    const bool by_values = !is_currency && !is_side && !NamesAType(name);
    if (!is_currency && !by_values && !is_side) continue;
    const Kind kind = is_currency || by_values ? Kind::kCurrency : Kind::kSide;
    watched_.push_back({place, kind, by_values, "", 0, {name, {}}, 0});
  }
}

void Survey::Add(absl::Span<const std::string_view> cells) {
  if (filter_.Check(cells) == RowFilter::Verdict::kDoesNot) return;
  if (form_filter_.Check(cells) == RowFilter::Verdict::kDoesNot) return;
  ++rows_;
  days_.Add(columns_.Cell(cells, Role::kDate));
  if (columns_.time_is_assumed()) AddTime(columns_.Cell(cells, Role::kTime));
  for (size_t i = 0; i < kNumbers.size(); ++i) {
    if (columns_.Has(kNumbers[i])) numbers_[i].Add(columns_.Cell(cells, kNumbers[i]));
  }
  AddOrder(cells);
  AddOrderOfLine(cells);
  for (Discount& column : discounts_) {
    column.any =
        column.any || (column.place < cells.size() &&
                       cells[column.place].find_first_of("123456789") != std::string_view::npos);
  }
  AddWatched(cells);
  if (!twins_.empty()) AddTwins(cells);
  if (columns_.Has(Role::kOriginal)) AddOriginal(cells);
  states_.Add(cells, [&] { return !IsUnsigned(cells); });
  if (columns_.total_is_assumed()) AddLine(cells);
  if (rows_ > static_cast<int64_t>(kLines)) return;
  for (size_t i = 0; i < kRoleCount; ++i) {
    auto& examples = examples_[i];
    const std::string_view cell = columns_.Cell(cells, static_cast<Role>(i));
    if (cell.empty() || examples.size() == kExamples) continue;
    std::string text = ShownText(cell);
    if (std::find(examples.begin(), examples.end(), text) == examples.end()) {
      examples.push_back(std::move(text));
    }
  }
}

void Survey::AddTime(std::string_view cell) {
  if (cell == last_time_ || has_other_times_ || IsEmptyCell(cell)) return;
  last_time_ = std::string(cell);
  const std::string text = ShownText(cell);
  // 1015 may also be the number of something, and 1.30 in a column `time` a duration.
  const bool is_number =
      (time_is_plain_ || text.size() <= 4) &&
      text.find_first_not_of(time_is_plain_ ? "0123456789.," : "0123456789") == std::string::npos;
  ClockText clock;
  has_other_times_ = is_number || !SplitTime(text, &clock);
  if (!time_is_plain_ || has_other_times_) return;
  ++plain_times_;
  if (clock.minute_of_day < kEarly) ++early_times_;
}

// Keeps the first rows, and later those of orders with several rows.
void Survey::AddLine(absl::Span<const std::string_view> cells) {
  if (lines_.size() >= kMaxLines) return;
  const bool same_order = last_line_.order == order_number_;
  if (lines_.size() >= kLines && same_order && !last_line_is_kept_) lines_.push_back(last_line_);
  last_line_.order = order_number_;
  for (size_t i = 0; i < kNumbers.size(); ++i) {
    last_line_.numbers[i] = columns_.Cell(cells, kNumbers[i]);
  }
  last_line_is_kept_ = lines_.size() < kLines || same_order;
  if (last_line_is_kept_) lines_.push_back(last_line_);
}

// Whether no number of the row has a sign or brackets.
bool Survey::IsUnsigned(absl::Span<const std::string_view> cells) const {
  return std::all_of(kNumbers.begin(), kNumbers.end(), [&](Role role) {
    const std::string_view cell = columns_.Cell(cells, role);
    return cell.find_first_of("-(") == std::string_view::npos &&
           cell.find("\xE2\x88\x92") == std::string_view::npos;
  });
}

void Survey::AddOrder(absl::Span<const std::string_view> cells) {
  if (!columns_.Has(Role::kOrder)) return;
  const std::string_view order = columns_.Cell(cells, Role::kOrder);
  if (!order.empty() && order == last_order_) {
    ++orders_repeated_;
  } else if (IsEmptyCell(order)) {
    ++orders_empty_;
  } else {
    last_order_ = std::string(order);
    ++order_number_;
  }
}

// A customer whom nobody knows stands for many, whose purchases must not become one order.
void Survey::AddOrderOfLine(absl::Span<const std::string_view> cells) {
  if (!columns_.order_may_be_of_line() || order_is_plain_) return;
  const auto hash = [](std::string_view one, std::string_view other) {
    return absl::HashOf(absl::string_view(one.data(), one.size()),
                        absl::string_view(other.data(), other.size()));
  };
  const std::string_view order = columns_.Cell(cells, Role::kOrder);
  const std::string_view customer = columns_.Cell(cells, Role::kCustomer);
  order_is_plain_ = IsEmptyCell(order) || IsEmptyCell(customer) || customer == "0" ||
                    IsCodeOfGuest(customer) || !numbers_of_lines_.insert(hash(order, "")).second;
  if (visit_is_repeated_) return;
  const size_t visit = hash(customer, columns_.Cell(cells, Role::kDate));
  visit_is_repeated_ = !visits_.insert(visit).second;
}

void Survey::AddWatched(absl::Span<const std::string_view> cells) {
  bool drops = false;
  for (Watched& column : watched_) {
    if (column.place >= cells.size()) continue;
    const std::string_view cell = cells[column.place];
    if (column.by_values && cell != column.last && !IsEmptyCell(cell) &&
        !IsCurrencyCodeOrSign(ShownText(cell))) {
      column.place = kDropped;
      drops = true;
      continue;
    }
    CountValue(cell, &column);
    if (column.kind == Kind::kSide && IsUnsigned(cells)) ++column.unsigned_rows;
  }
  if (drops) std::erase_if(watched_, [](const Watched& w) { return w.place == kDropped; });
}

void Survey::CountValue(std::string_view cell, Watched* column) {
  if (cell.empty()) return;
  auto& values = column->found.values;
  if (cell == column->last && !values.empty()) {
    ++values[column->last_value].second;
    return;
  }
  const std::string text = ShownText(cell);
  if (text.empty() || (column->kind == Kind::kCurrency && IsNullWord(text))) return;
  // EUR and € are one currency, and so are USD and $.
  const std::string_view currency =
      column->kind == Kind::kCurrency ? CurrencyOf(text) : std::string_view();
  auto known = std::find_if(values.begin(), values.end(), [&](const auto& value) {
    const std::string_view other = CurrencyOf(value.first);
    return value.first == text ||
           (!currency.empty() &&
            (other == currency || CommonCurrency(other, currency) == CurrencyOf("USD")));
  });
  if (known == values.end()) {
    if (values.size() == kValues) return;
    known = values.insert(values.end(), {text, 0});
  }
  ++known->second;
  column->last = std::string(cell);
  column->last_value = static_cast<size_t>(known - values.begin());
}

absl::StatusOr<Conventions> Survey::Decide() const {
  Conventions conventions;
  CLUSTR_RETURN_IF_ERROR(CheckTwins(&conventions));
  CLUSTR_ASSIGN_OR_RETURN(conventions.day_order, days_.Decide(columns_.Name(Role::kDate)));
  conventions.refuse_serials = days_.serials_are_doubtful() && !settings_.days.order.has_value();
  conventions.cut_date = days_.CutDate();
  const std::array<DecimalMark*, 3> marks = {&conventions.marks.quantity, &conventions.marks.price,
                                             &conventions.marks.total};
  for (size_t i = 0; i < kNumbers.size(); ++i) {
    if (settings_.decimal.has_value()) {
      *marks[i] = *settings_.decimal;
    } else {
      CLUSTR_ASSIGN_OR_RETURN(*marks[i], DecideMark(numbers_[i], numbers_));
    }
  }
  CLUSTR_RETURN_IF_ERROR(CheckCurrencies());
  CLUSTR_RETURN_IF_ERROR(CheckSides());
  CLUSTR_RETURN_IF_ERROR(states_.CheckCodes());
  conventions.kinds = states_.Kinds();
  conventions.returns = returns_;
  conventions.originals_are_returns = OriginalsAreReturns(columns_, has_signs_);
  conventions.orders_are_lines =
      columns_.order_may_be_of_line() && !order_is_plain_ && visit_is_repeated_;
  conventions.order_stands_once = orders_empty_ > 0 && orders_repeated_ == 0;
  conventions.orders_are_rare = 2 * orders_empty_ >= rows_;
  // Hardly anybody sells before 03:00 only: 00:02:30 is how long something took.
  const bool are_durations = plain_times_ >= kFewTimes && early_times_ * 10 >= plain_times_ * 9;
  conventions.times_are_read = !has_other_times_ && !are_durations;
  conventions.total_is_of_line = !columns_.total_is_assumed() || TotalIsOfLine(conventions.marks);
  return conventions;
}

void Survey::AddTwins(absl::Span<const std::string_view> cells) {
  for (size_t i = 0; i < twins_.size(); ++i) {
    const FlatColumns::Twin& twin = columns_.twins()[i];
    const std::string_view first = Trimmed(columns_.Cell(cells, twin.role));
    const std::string_view other = twin.place < cells.size() ? Trimmed(cells[twin.place]) : "";
    Twins& found = twins_[i];
    found.first_has_text = found.first_has_text || !IsEmptyCell(first);
    found.other_has_text = found.other_has_text || !IsEmptyCell(other);
    if (first == other || !found.difference.empty()) continue;
    found.difference = absl::StrCat(Quoted(ShownText(first)), " and ", Quoted(ShownText(other)));
  }
}

// Refuses columns of one name that differ, unless one of them is empty.
absl::Status Survey::CheckTwins(Conventions* conventions) const {
  for (size_t i = 0; i < twins_.size(); ++i) {
    const Twins& found = twins_[i];
    if (found.difference.empty() || !found.other_has_text) continue;
    const FlatColumns::Twin& twin = columns_.twins()[i];
    const bool is_moved =
        std::any_of(conventions->moved.begin(), conventions->moved.end(),
                    [&](const FlatColumns::Twin& moved) { return moved.role == twin.role; });
    if (!found.first_has_text && !is_moved) {
      conventions->moved.push_back(twin);
      continue;
    }
    return absl::FailedPreconditionError(absl::StrCat(
        "the ", RoleName(twin.role), " may be one of several columns, which differ, for example ",
        found.difference, "; ", columns_.WhyTwins(twin.role)));
  }
  return absl::OkStatus();
}

void Survey::AddOriginal(absl::Span<const std::string_view> cells) {
  has_signs_ = has_signs_ || !IsUnsigned(cells);
}

absl::Status Survey::CheckCurrencies() const {
  for (const Watched& column : watched_) {
    if (column.kind != Kind::kCurrency || column.found.values.size() < 2) continue;
    return absl::FailedPreconditionError(
        absl::StrCat("the column ", Quoted(column.found.column), " has ", column.found.Text(),
                     ", but a shop has one currency; choose it with --where='", column.found.column,
                     "=", column.found.values[0].first, "'"));
  }
  return absl::OkStatus();
}

std::string Survey::Currency() const {
  for (const Watched& column : watched_) {
    if (column.kind != Kind::kCurrency || column.found.values.size() != 1) continue;
    const std::string_view currency = CurrencyOf(column.found.values[0].first);
    if (!currency.empty()) return std::string(currency);
  }
  for (const Role role : {Role::kTotal, Role::kPrice}) {
    if (!columns_.Has(role)) continue;
    const std::string_view currency = CurrencyInName(columns_.Name(role));
    if (!currency.empty()) return std::string(currency);
  }
  return "";
}

// Refuses goods without a sign that went out in some rows and came in in others: the latter may be
// returns or deliveries of suppliers.
absl::Status Survey::CheckMovements(const Watched& column) {
  const std::string* in = nullptr;
  const std::string* out = nullptr;
  for (const auto& [value, rows] : column.found.values) {
    if (in == nullptr && SaysIn(value)) in = &value;
    if (out == nullptr && SaysOut(value)) out = &value;
  }
  if (in == nullptr || out == nullptr) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "the column ", Quoted(column.found.column), " has ", column.found.Text(),
      ", goods that went out and that came in, and those that came in may be returns or deliveries "
      "of suppliers; take the sales with --where='",
      column.found.column, "=", *out, "', or, if the others are returns, say --return-where='",
      column.found.column, "=", *in, "'"));
}

// Refuses amounts without a sign that are debits in some rows and credits in others: either may be
// the returns.
absl::Status Survey::CheckSides() const {
  for (const Watched& column : watched_) {
    if (column.kind != Kind::kSide || column.unsigned_rows < rows_) continue;
    CLUSTR_RETURN_IF_ERROR(CheckMovements(column));
    if (column.found.values.size() != 2) continue;
    const std::string& first = column.found.values[0].first;
    const std::string& second = column.found.values[1].first;
    if (!AreSides(first, second)) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        "the column ", Quoted(column.found.column), " has ", column.found.Text(),
        ", debits and credits, of which one may be purchases and the other returns; take the "
        "purchases with --where='",
        column.found.column, "=", first, "' or --where='", column.found.column, "=", second,
        "', or name the returns with --return-where='", column.found.column, "=", second,
        "' or --return-where='", column.found.column, "=", first, "'"));
  }
  return absl::OkStatus();
}

// Whether the rows of one order each have the total of their line; or all that of the order, or the
// sum so far.
Survey::TotalOf Survey::TotalOfRows(absl::Span<const Line> lines, const Marks& marks) const {
  std::vector<std::pair<int64_t, int64_t>> sums;  // Of each row: quantity times price, and total.
  std::string scratch;
  const auto read = [&](const std::string& cell, DecimalMark mark) {
    bool decoded = false;
    return ParseAmount(ValueText(cell, &scratch, &decoded), mark);
  };
  int64_t order = 0;
  bool of_line = true;
  bool so_far = true;
  for (const Line& line : lines) {
    const auto& [quantity, price, total] = line.numbers;
    const auto units =
        columns_.Has(Role::kQuantity) ? read(quantity, marks.quantity) : Amount{{1, 0}, ""};
    const auto unit = read(price, marks.price);
    const auto sum = read(total, marks.total);
    if (!units.has_value() || !unit.has_value() || !sum.has_value()) return TotalOf::kUnread;
    const auto product = ProductInCents(units->number, unit->number);
    const auto cents = RoundedCents(sum->number);
    if (!product.has_value() || !cents.has_value()) return TotalOf::kUnread;
    const int64_t tolerance = std::abs(Whole(units->number).value_or(1));
    order += *product;
    sums.emplace_back(*product, *cents);
    of_line = of_line && std::abs(*product - *cents) <= tolerance;
    so_far = so_far && std::abs(order - *cents) <= tolerance;
  }
  const auto tolerance = static_cast<int64_t>(lines.size());
  const bool of_order = std::all_of(sums.begin(), sums.end(), [&](const auto& row) {
    return std::abs(row.second - order) <= tolerance;
  });
  return of_line ? TotalOf::kLine : of_order || so_far ? TotalOf::kOrder : TotalOf::kNeither;
}

// Whether the total agrees with quantity and price in half of the first rows, and is not that of
// the order in more of the orders with several rows than it is that of the line; or there is no
// price that it could be compared with.
bool Survey::TotalIsOfLine(const Marks& marks) const {
  int compared = 0;
  int agreeing = 0;
  int of_order = 0;
  int of_lines = 0;
  for (size_t first = 0; first < lines_.size();) {
    size_t end = first + 1;
    while (end < lines_.size() && lines_[end].order == lines_[first].order) ++end;
    const auto rows = absl::MakeConstSpan(lines_).subspan(first, end - first);
    const TotalOf whole = TotalOfRows(rows, marks);
    if (rows.size() > 1 && whole == TotalOf::kOrder) ++of_order;
    if (rows.size() > 1 && whole == TotalOf::kLine) ++of_lines;
    for (const Line& row : rows) {
      const TotalOf one = TotalOfRows(absl::MakeConstSpan(&row, 1), marks);
      if (one != TotalOf::kUnread) ++compared;
      if (one == TotalOf::kLine) ++agreeing;
    }
    first = end;
  }
  return 2 * agreeing >= compared && of_order <= of_lines;
}

bool Survey::total_may_be_of_order() const {
  if (columns_.Has(Role::kPrice) || !columns_.Has(Role::kOrder)) return false;
  int orders = 0;
  for (size_t first = 0; first < lines_.size();) {
    size_t end = first + 1;
    while (end < lines_.size() && lines_[end].order == lines_[first].order) ++end;
    if (end - first > 1) ++orders;
    for (size_t i = first; i < end; ++i) {
      if (lines_[i].numbers[2] != lines_[first].numbers[2]) return false;
    }
    first = end;
  }
  return orders > 0;
}

}  // namespace clustr::ctl
