#include "tools/clustrctl/flat/kinds/state_survey.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "tools/clustrctl/flat/kinds/kind_of_row.h"
#include "tools/clustrctl/flat/values/cell_text.h"

namespace clustr::ctl {
namespace {

constexpr size_t kMostValues = 64;  // Of a column whose name says what it is,
constexpr size_t kMostStates = 500;
constexpr size_t kFewValues = 12;  // and of any other.
constexpr size_t kDropped = SIZE_MAX;

bool IsNamedBy(const RowCondition& condition, const std::string& column) {
  const absl::string_view name = absl::StripAsciiWhitespace(column);
  if (absl::EqualsIgnoreCase(condition.column, name)) return true;
  const size_t mark = condition.column.rfind('#');
  return mark != std::string::npos &&
         absl::EqualsIgnoreCase(absl::string_view(condition.column).substr(0, mark), name);
}

}  // namespace

StateSurvey::Kind StateSurvey::KindOf(const std::string& name) {
  if (NamesACancellation(name) && !NamesAState(name)) return Kind::kCancellation;
  if (NamesAType(name)) return Kind::kType;
  if (NamesAState(name)) return Kind::kState;
  const std::string lower = absl::AsciiStrToLower(name);
  for (const char* part : {"status", "cancel", "void", "refund", "storn", "annul", "deleted"}) {
    if (absl::StrContains(lower, part)) return Kind::kTold;
  }
  return Kind::kAny;
}

StateSurvey::StateSurvey(const FlatColumns* columns, const std::vector<RowCondition>& where,
                         bool counts_all)
    : counts_all_(counts_all) {
  for (const size_t place : columns->ignored()) {
    const std::string& name = columns->header()[place];
    const bool used = std::any_of(where.begin(), where.end(), [&](const RowCondition& condition) {
      return IsNamedBy(condition, name);
    });
    const Kind kind = KindOf(name);
    const bool says_state = kind == Kind::kState || kind == Kind::kCancellation;
    counts_all_ = counts_all_ || (used && says_state);
    if (used) continue;
    Column& column = columns_.emplace_back();
    column.place = place;
    column.name = std::string(absl::StripAsciiWhitespace(name));
    column.kind = kind;
  }
}

OrderState StateSurvey::StateIn(const Column& column, std::string_view text) {
  switch (column.kind) {
    case Kind::kTold:
      return OrderState::kUnknown;
    case Kind::kState:
    case Kind::kAny:
      return StateOf(text);
    case Kind::kCancellation:
      return SaysYes(text) ? OrderState::kCancelled : StateOf(text);
    case Kind::kType:  // Rows that are returns by their type are read as such.
      if (IsQuotation(text)) return OrderState::kNoOrder;
      if (NamesAReturn(text)) return OrderState::kUnknown;
      return IsWordForCancelled(text) ? OrderState::kCancelled : OrderState::kUnknown;
  }
  return OrderState::kUnknown;
}

void StateSurvey::Add(absl::Span<const std::string_view> cells,
                      absl::FunctionRef<bool()> is_signed) {
  bool drops = false;
  for (Column& column : columns_) {
    if (column.place >= cells.size()) continue;
    const std::string_view cell = cells[column.place];
    if (column.values.empty() || column.values[column.last].cell != cell) {
      const auto known = std::find_if(column.values.begin(), column.values.end(),
                                      [&](const Value& value) { return value.cell == cell; });
      column.last = static_cast<size_t>(known - column.values.begin());
      if (known == column.values.end()) {
        std::string text = ShownText(cell);
        const OrderState state = StateIn(column, text);
        const bool says_nothing = state == OrderState::kUnknown;
        if (column.kind == Kind::kAny && column.values.size() == kFewValues) {
          column.place = kDropped;
          drops = true;
          continue;
        }
        if (column.values.size() >= (says_nothing ? kMostValues : kMostStates)) {
          column.last = 0;
          column.has_more = true;
          continue;
        }
        if (column.kind == Kind::kCancellation && !SaysYes(text) && !SaysNo(text)) {
          column.only_says_yes_or_no = false;
        }
        column.has_cancelled = column.has_cancelled || SaysCancelledAnywhere(text);
        column.values.push_back({std::string(cell), std::move(text), state, 0, 0});
      }
    }
    Value& value = column.values[column.last];
    ++value.rows;
    if (value.state == OrderState::kPaidBack && is_signed()) ++value.signed_rows;
  }
  if (drops) std::erase_if(columns_, [](const Column& c) { return c.place == kDropped; });
}

bool StateSurvey::LeavesOut(const Column& column, const Value& value) const {
  if (counts_all_ || (column.kind == Kind::kAny && !column.has_cancelled)) return false;
  if (value.state == OrderState::kPaidBack) return value.signed_rows == 0;
  if (column.kind == Kind::kCancellation && !column.only_says_yes_or_no && SaysYes(value.text)) {
    return false;  // `2` among `1` and `0` are numbers of units.
  }
  return value.state == OrderState::kCancelled || value.state == OrderState::kNoOrder;
}

std::vector<RowCondition> StateSurvey::Conditions() const {
  std::vector<RowCondition> conditions;
  for (const Column& column : columns_) {
    RowCondition condition = {column.name, /*is_one_of=*/false, {}};
    // So many values are days, and only cells without one count.
    const bool has_days = column.kind == Kind::kCancellation && column.only_says_yes_or_no;
    if (has_days && column.has_more && !counts_all_)
      condition = {column.name, /*is_one_of=*/true, {""}};
    for (const Value& value : column.values) {
      const bool is_named = condition.is_one_of ? SaysNo(value.text) : LeavesOut(column, value);
      if (is_named) condition.values.push_back(value.text);
    }
    if (!condition.values.empty()) conditions.push_back(std::move(condition));
  }
  return conditions;
}

std::vector<ColumnValues> StateSurvey::Counted() const {
  std::vector<ColumnValues> counted;
  for (const Column& column : columns_) {
    ColumnValues found = {column.name, {}};
    bool says_something = column.kind == Kind::kCancellation;
    bool is_open = false;
    for (const Value& value : column.values) {
      if (LeavesOut(column, value)) continue;
      is_open = is_open || value.state == OrderState::kOpen;
      says_something = says_something || value.state != OrderState::kUnknown;
      if (!value.text.empty()) found.values.emplace_back(value.text, value.rows);
    }
    const bool is_named = absl::StrContains(absl::AsciiStrToLower(column.name), "stat");
    const bool may_matter = column.kind == Kind::kState
                                ? is_named || says_something
                                : column.kind == Kind::kAny && says_something;
    const bool differs =
        found.values.size() > 1 || is_open || (column.kind == Kind::kAny && says_something);
    const bool is_told = column.kind == Kind::kCancellation || column.kind == Kind::kTold;
    if ((may_matter || is_told) && differs) counted.push_back(found);
  }
  return counted;
}

}  // namespace clustr::ctl
