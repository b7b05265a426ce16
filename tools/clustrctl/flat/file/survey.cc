#include "tools/clustrctl/flat/file/survey.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/flat/values/cell_text.h"
#include "tools/clustrctl/flat/values/currency.h"
#include "tools/clustrctl/print/numbers.h"

namespace clustr::ctl {
namespace {

constexpr std::array<Role, 3> kNumbers = {Role::kQuantity, Role::kPrice, Role::kTotal};
constexpr size_t kExamples = 3;
constexpr size_t kLines = 200;
constexpr size_t kValues = 8;
constexpr size_t kDropped = SIZE_MAX;  // Place of a column that is no longer watched.

bool NameHas(const std::string& name, std::initializer_list<const char*> parts) {
  const std::string lower = absl::AsciiStrToLower(name);
  return std::any_of(parts.begin(), parts.end(),
                     [&](const char* part) { return absl::StrContains(lower, part); });
}

std::string Text(std::string_view cell) {
  bool legacy = false;
  return OnOneLine(Utf8Text(cell, &legacy));
}

}  // namespace

Survey::Survey(const FlatColumns* columns, const RowFilter* filter, const RowFilter* form_filter,
               const FileSettings* settings)
    : columns_(*columns),
      filter_(*filter),
      form_filter_(*form_filter),
      settings_(*settings),
      days_(&settings->days) {
  for (const Role role : kNumbers) {
    numbers_.emplace_back(columns->Name(role), role == Role::kQuantity);
  }
  WatchColumns(*settings);
}

void Survey::WatchColumns(const FileSettings& settings) {
  for (const size_t place : columns_.ignored()) {
    const std::string& name = columns_.header()[place];
    const bool is_currency = NameHas(name, {"currency", "währung", "devise", "valuta"});
    const bool is_status = NameHas(name, {"status", "cancel", "void", "refunded", "event type",
                                          "storn", "annul", "deleted"}) ||
                           absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(name), "state") ||
                           absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(name), "test");
    const bool used = std::any_of(settings.where.begin(), settings.where.end(),
                                  [&](const RowCondition& condition) {
                                    return absl::EqualsIgnoreCase(condition.column, name);
                                  });
    if (is_status && used) continue;
    // Any other column may turn out to hold currencies.
    watched_.push_back(
        {place, is_currency || !is_status, !is_currency && !is_status, "", 0, {name, {}}});
  }
}

void Survey::Add(absl::Span<const std::string_view> cells) {
  if (filter_.Check(cells) == RowFilter::Verdict::kDoesNot) return;
  if (form_filter_.Check(cells) == RowFilter::Verdict::kDoesNot) return;
  ++rows_;
  days_.Add(columns_.Cell(cells, Role::kDate));
  for (size_t i = 0; i < kNumbers.size(); ++i) {
    if (columns_.Has(kNumbers[i])) numbers_[i].Add(columns_.Cell(cells, kNumbers[i]));
  }
  AddOrder(cells);
  AddWatched(cells);
  if (columns_.total_is_assumed() && lines_.size() < kLines) {
    auto& line = lines_.emplace_back();
    for (size_t i = 0; i < kNumbers.size(); ++i) line[i] = columns_.Cell(cells, kNumbers[i]);
  }
  if (rows_ > static_cast<int64_t>(kLines)) return;
  for (size_t i = 0; i < kRoleCount; ++i) {
    auto& examples = examples_[i];
    const std::string_view cell = columns_.Cell(cells, static_cast<Role>(i));
    if (cell.empty() || examples.size() == kExamples) continue;
    std::string text = Text(cell);
    if (std::find(examples.begin(), examples.end(), text) == examples.end()) {
      examples.push_back(std::move(text));
    }
  }
}

void Survey::AddOrder(absl::Span<const std::string_view> cells) {
  if (!columns_.Has(Role::kOrder)) return;
  const std::string_view order = columns_.Cell(cells, Role::kOrder);
  if (order.empty() || (order != last_order_ && IsEmptyCell(order))) {
    ++orders_empty_;
  } else if (order == last_order_) {
    ++orders_repeated_;
  } else {
    last_order_ = std::string(order);
  }
}

void Survey::AddWatched(absl::Span<const std::string_view> cells) {
  bool drops = false;
  for (Watched& column : watched_) {
    if (column.place >= cells.size()) continue;
    const std::string_view cell = cells[column.place];
    if (column.by_values && cell != column.last && !IsEmptyCell(cell) &&
        !IsCurrencyCodeOrSign(Text(cell))) {
      column.place = kDropped;
      drops = true;
      continue;
    }
    CountValue(cell, &column);
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
  const std::string text = Text(cell);
  if (text.empty() || (column->is_currency && IsNullWord(text))) return;
  // EUR and € are one currency.
  const std::string_view currency = column->is_currency ? CurrencyOf(text) : std::string_view();
  auto known = std::find_if(values.begin(), values.end(), [&](const auto& value) {
    return value.first == text || (!currency.empty() && CurrencyOf(value.first) == currency);
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
  conventions.order_stands_once = orders_empty_ > 0 && orders_repeated_ == 0;
  conventions.total_is_of_line = !columns_.total_is_assumed() || TotalIsOfLine(conventions.marks);
  return conventions;
}

absl::Status Survey::CheckCurrencies() const {
  for (const Watched& column : watched_) {
    if (!column.is_currency || column.found.values.size() < 2) continue;
    const std::string& first = column.found.values[0].first;
    return absl::FailedPreconditionError(
        absl::StrCat("the column ", Quoted(column.found.column), " has ",
                     absl::StrJoin(column.found.values, ", ",
                                   [](std::string* out, const auto& value) {
                                     absl::StrAppend(out, value.first, " (",
                                                     WithSeparators(value.second), " rows)");
                                   }),
                     ", but a shop has one currency; choose it with --where='", column.found.column,
                     "=", first, "'"));
  }
  return absl::OkStatus();
}

// Whether the total agrees with quantity and price in half of the first rows, or there is no price
// that it could be compared with.
bool Survey::TotalIsOfLine(const Marks& marks) const {
  int compared = 0;
  int agreeing = 0;
  std::string scratch;
  const auto read = [&](const std::string& cell, DecimalMark mark) {
    bool decoded = false;
    return ParseAmount(ValueText(cell, &scratch, &decoded), mark);
  };
  for (const auto& [quantity, price, total] : lines_) {
    const auto units =
        columns_.Has(Role::kQuantity) ? read(quantity, marks.quantity) : Amount{{1, 0}, ""};
    const auto unit = read(price, marks.price);
    const auto sum = read(total, marks.total);
    if (!units.has_value() || !unit.has_value() || !sum.has_value()) continue;
    ++compared;
    const auto product = ProductInCents(units->number, unit->number);
    const auto cents = RoundedCents(sum->number);
    const int64_t tolerance = std::abs(Whole(units->number).value_or(1));
    if (product.has_value() && cents.has_value() && std::abs(*product - *cents) <= tolerance) {
      ++agreeing;
    }
  }
  return 2 * agreeing >= compared;
}

std::vector<ColumnValues> Survey::StatusColumns() const {
  std::vector<ColumnValues> found;
  for (const Watched& column : watched_) {
    if (!column.is_currency && !column.found.values.empty()) found.push_back(column.found);
  }
  return found;
}

}  // namespace clustr::ctl
