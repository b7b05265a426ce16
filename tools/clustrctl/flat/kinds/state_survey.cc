#include "tools/clustrctl/flat/kinds/state_survey.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/errors.h"
#include "tools/clustrctl/flat/columns/basket_cells.h"
#include "tools/clustrctl/flat/kinds/kind_of_row.h"
#include "tools/clustrctl/flat/values/cell_text.h"

namespace clustr::ctl {
namespace {

constexpr size_t kMostValues = 64;  // Of a column whose name says what it is,
constexpr size_t kMostStates = 500;
constexpr size_t kFewValues = 12;  // and of any other.
constexpr size_t kDropped = SIZE_MAX;

}  // namespace

StateSurvey::Kind StateSurvey::KindOf(const std::string& name) {
  if (NamesAReturnFlag(name)) return Kind::kReturnFlag;
  if (NamesASign(name)) return Kind::kSign;
  if (NamesATraceOfCancellation(name)) return Kind::kTrace;
  if (NamesACancellation(name) && !NamesAState(name)) return Kind::kCancellation;
  if (NamesAType(name)) return Kind::kType;
  if (NamesAState(name)) return Kind::kState;
  const std::string lower = absl::AsciiStrToLower(name);
  for (const char* part : {"status", "cancel", "void", "refund", "storn", "annul", "deleted"}) {
    if (absl::StrContains(lower, part)) return Kind::kTold;
  }
  return Kind::kAny;
}

StateSurvey::StateSurvey(const FlatColumns* columns, const RowFilter& where,
                         const std::vector<PlacedCondition>& returns, bool counts_all)
    : file_columns_(*columns), counts_all_(counts_all), takes_no_sales_(counts_all) {
  const auto& ignored = columns->ignored();
  for (size_t place = 0; place < columns->header().size(); ++place) {
    const std::string& name = columns->header()[place];
    const bool used = where.IsAbout(place);
    std::vector<ReturnsOfUser> of_user;
    for (const PlacedCondition& one : returns) {
      if (one.place == place) of_user.push_back({&one.condition});
    }
    const bool says_returns = !of_user.empty();
    const bool has_role = std::find(ignored.begin(), ignored.end(), place) == ignored.end();
    if (has_role && !says_returns) continue;
    const Kind kind = has_role ? Kind::kTold : KindOf(name);
    const bool says_state =
        kind == Kind::kState || kind == Kind::kCancellation || kind == Kind::kTrace;
    counts_all_ = counts_all_ || (used && says_state);
    if (used && !says_returns) continue;
    Column& column = columns_.emplace_back();
    column.place = place;
    column.name = std::string(absl::StripAsciiWhitespace(name));
    column.kind = used ? Kind::kTold : kind;
    column.returns = std::move(of_user);
  }
}

OrderState StateSurvey::StateIn(const Column& column, std::string_view text) {
  switch (column.kind) {
    case Kind::kTold:
    case Kind::kReturnFlag:
    case Kind::kSign:
      return OrderState::kUnknown;
    case Kind::kState:
    case Kind::kAny:
      return StateOf(text);
    case Kind::kCancellation:
      return SaysYes(text) ? OrderState::kCancelled : StateOf(text);
    case Kind::kTrace:
      return SaysNotCancelled(text) ? OrderState::kUnknown : OrderState::kCancelled;
    case Kind::kType:  // Rows that are returns by their type are read as such.
      if (IsQuotation(text)) return OrderState::kNoOrder;
      if (NamesAReturn(text)) return OrderState::kUnknown;
      return IsWordForCancelled(text) ? OrderState::kCancelled : OrderState::kUnknown;
  }
  return OrderState::kUnknown;
}

StateSurvey::RowKind StateSurvey::RowKindIn(const Column& column, std::string_view text) {
  switch (column.kind) {
    case Kind::kReturnFlag:
      return BasketCellOf(text) == BasketCell::kOne || text == "1" ? RowKind::kReturn
                                                                   : RowKind::kUnknown;
    case Kind::kSign:
      return text == "-" || text == "\xE2\x88\x92" ? RowKind::kReturn : RowKind::kUnknown;
    case Kind::kType:
      if (NamesAReturn(text)) return RowKind::kReturn;
      if (IsCodeForSale(text)) return RowKind::kSaleCode;
      if (IsCodeForReturn(text)) return RowKind::kReturnCode;
      break;
    case Kind::kAny:
      if (IsWordForReturn(text)) return RowKind::kReturn;
      break;
    default:
      return RowKind::kUnknown;
  }
  if (IsWordForSale(text)) return RowKind::kSale;
  if (NamesNoSale(text)) return RowKind::kNoSale;
  if (IsWordForGoods(text)) return RowKind::kGoods;
  if (MayBeNoGoods(text)) return RowKind::kNoGoodsBesideGoods;
  return IsWordForNoGoods(text) ? RowKind::kNoGoods : RowKind::kUnknown;
}

// Keeps a value that the column had in no earlier row.
void StateSurvey::AddValue(std::string_view cell, std::string text, OrderState state,
                           Column* column) const {
  const RowKind row_kind = RowKindIn(*column, text);
  const bool says_yes_or_no =
      column->kind == Kind::kReturnFlag ? row_kind == RowKind::kReturn || SaysNo(text)
      : column->kind == Kind::kSign ? row_kind == RowKind::kReturn || text.empty() || text == "+"
                                    : SaysYes(text) || SaysNo(text);
  column->only_says_yes_or_no = column->only_says_yes_or_no && says_yes_or_no;
  column->has_cancelled = column->has_cancelled || SaysCancelledAnywhere(text);
  column->values.push_back({std::string(cell), std::move(text), state, row_kind, 0, 0});
}

// Whether the user calls rows with this cell returns.
bool StateSurvey::TakesReturn(std::string_view cell, Column* column) {
  if (column->returns.empty()) return false;
  const std::string text = ShownText(cell);
  bool is_return = false;
  for (ReturnsOfUser& one : column->returns) {
    if (!FitsCondition(*one.condition, text)) continue;
    one.any = true;
    is_return = true;
  }
  return is_return;
}

// Whether the row has another order number, or another key, than the row above.
bool StateSurvey::BeginsOrder(absl::Span<const std::string_view> cells) {
  const std::vector<int>& key = file_columns_.order_key();
  std::string joined;
  for (const int place : key) {
    const auto index = static_cast<size_t>(place);
    if (index < cells.size()) joined += cells[index];
    joined += '\n';
  }
  const std::string_view order =
      key.empty() ? file_columns_.Cell(cells, Role::kOrder) : std::string_view(joined);
  // Where only its first row has the number, the rows below belong to the same order.
  if (key.empty() && !last_order_.empty() && IsEmptyCell(order)) return false;
  if (!order.empty() && order == last_order_) return false;
  last_order_ = std::string(order);
  return true;
}

void StateSurvey::Add(absl::Span<const std::string_view> cells,
                      absl::FunctionRef<bool()> is_signed) {
  bool drops = false;
  const bool is_first = BeginsOrder(cells);
  for (Column& column : columns_) {
    if (column.place >= cells.size()) continue;
    ++column.rows;
    const std::string_view cell = cells[column.place];
    if (TakesReturn(cell, &column)) continue;
    if (column.values.empty() || column.values[column.last].cell != cell) {
      const auto known = std::find_if(column.values.begin(), column.values.end(),
                                      [&](const Value& value) { return value.cell == cell; });
      column.last = static_cast<size_t>(known - column.values.begin());
      if (known == column.values.end()) {
        std::string text = ShownText(cell);
        const OrderState state = StateIn(column, text);
        const bool says_nothing = state == OrderState::kUnknown;
        if (column.kind == Kind::kAny && column.returns.empty() &&
            column.values.size() == kFewValues) {
          column.place = kDropped;
          drops = true;
          continue;
        }
        if (column.values.size() >= (says_nothing ? kMostValues : kMostStates)) {
          column.last = 0;
          column.has_more = true;
          if (!says_nothing && !is_first) column.is_of_row = true;
          continue;
        }
        AddValue(cell, std::move(text), state, &column);
      }
    }
    Value& value = column.values[column.last];
    ++value.rows;
    if (value.state == OrderState::kCancelled && !is_first) column.is_of_row = true;
    const bool may_have_sign = value.state == OrderState::kPaidBack ||
                               value.row_kind == RowKind::kReturn ||
                               value.row_kind == RowKind::kReturnCode || column.kind == Kind::kType;
    if (may_have_sign && is_signed()) ++value.signed_rows;
  }
  if (drops) std::erase_if(columns_, [](const Column& c) { return c.place == kDropped; });
}

bool StateSurvey::Has(const Column& column, RowKind kind) {
  return std::any_of(column.values.begin(), column.values.end(),
                     [&](const Value& value) { return value.row_kind == kind; });
}

// Whether the column has codes for both sales and returns.
bool StateSurvey::HasCodes(const Column& column) {
  return (Has(column, RowKind::kSaleCode) || Has(column, RowKind::kSale)) &&
         Has(column, RowKind::kReturnCode);
}

// Whether the value says that its rows are returns. A code does only if the name of the column or
// a word for a sale makes it plain, and if there is one for sales as well.
bool StateSurvey::IsReturn(const Column& column, const Value& value) {
  if (value.row_kind == RowKind::kReturn) return true;
  if (value.row_kind != RowKind::kReturnCode || !HasCodes(column)) return false;
  // Beside a word for a sale, a code of several letters is plain as well.
  const bool is_plain = value.text.size() > 1 && Has(column, RowKind::kSale);
  return is_plain || NamesATransactionType(column.name);
}

// Whether the column makes rows returns: some of its returns have no number below 0.
bool StateSurvey::MakesReturns(const Column& column) {
  if (!column.returns.empty()) return Has(column, RowKind::kReturn);
  const bool is_flag = column.kind == Kind::kReturnFlag || column.kind == Kind::kSign;
  if (is_flag && (!column.only_says_yes_or_no || column.has_more)) return false;
  if (column.kind == Kind::kAny && !Has(column, RowKind::kSale)) return false;
  return std::any_of(column.values.begin(), column.values.end(), [&](const Value& value) {
    return IsReturn(column, value) && value.signed_rows < value.rows;
  });
}

bool StateSurvey::IsNoSaleIn(const Column& column, const Value& value) const {
  if (takes_no_sales_ || column.kind != Kind::kType) return false;
  if (value.row_kind == RowKind::kNoSale) return Has(column, RowKind::kSale);
  if (value.row_kind == RowKind::kNoGoodsBesideGoods) return Has(column, RowKind::kGoods);
  if (value.row_kind != RowKind::kNoGoods) return false;
  return Has(column, RowKind::kGoods) || NamesALineType(column.name);
}

std::vector<KindColumn> StateSurvey::Kinds() const {
  std::vector<KindColumn> kinds;
  for (const Column& column : columns_) {
    const bool is_flag = column.kind == Kind::kReturnFlag || column.kind == Kind::kSign;
    KindColumn found = {column.place, column.name, is_flag, {}, {}};
    const bool makes_returns = MakesReturns(column);
    for (const Value& value : column.values) {
      if (makes_returns && IsReturn(column, value)) found.returns.push_back(value.cell);
      if (IsNoSaleIn(column, value)) found.no_sales.push_back(value.cell);
    }
    if (!found.returns.empty() || !found.no_sales.empty()) kinds.push_back(std::move(found));
  }
  return kinds;
}

// Whether the value says that nothing happened.
bool StateSurvey::SaysNothing(const Column& column, const Value& value) {
  return SaysNo(value.text) || (column.kind == Kind::kTrace && value.state == OrderState::kUnknown);
}

bool StateSurvey::HasEmpty(const Column& column) {
  return std::any_of(column.values.begin(), column.values.end(),
                     [&](const Value& value) { return SaysNothing(column, value); });
}

// Whether the column traces what was cancelled: the rows that it says nothing of are at least as
// many as the others. Otherwise its texts say something else.
bool StateSurvey::TracesFew(const Column& column) {
  int64_t empty = 0;
  for (const Value& value : column.values) {
    if (SaysNothing(column, value)) empty += value.rows;
  }
  return column.kind == Kind::kTrace && empty > 0 && column.rows <= 2 * empty;
}

bool StateSurvey::LeavesOut(const Column& column, const Value& value) const {
  if (IsReturn(column, value) && MakesReturns(column)) return false;
  if (counts_all_ || (column.kind == Kind::kAny && !column.has_cancelled)) return false;
  if (value.state == OrderState::kPaidBack) return value.signed_rows == 0;
  // What most rows have says nothing.
  if (column.kind == Kind::kTrace && !TracesFew(column)) return false;
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
    const bool has_days =
        (column.kind == Kind::kCancellation && column.only_says_yes_or_no) || TracesFew(column);
    if (has_days && column.has_more && !counts_all_)
      condition = {column.name, /*is_one_of=*/true, {""}};
    for (const Value& value : column.values) {
      const bool is_named =
          condition.is_one_of ? SaysNothing(column, value) : LeavesOut(column, value);
      if (is_named) condition.values.push_back(value.text);
    }
    condition.is_of_row =
        column.is_of_row && (column.kind == Kind::kCancellation || column.kind == Kind::kTrace);
    if (!condition.values.empty()) conditions.push_back(std::move(condition));
  }
  return conditions;
}

// The values of a column in which all rows without a sign have one of two kinds of codes, and
// nothing else stands; unset if there are others, or only one kind.
template <class SaleTest, class ReturnTest>
std::optional<StateSurvey::Sides> StateSurvey::SidesOf(const Column& column, SaleTest is_sale,
                                                       ReturnTest is_return) {
  Sides sides;
  if (column.has_more) return std::nullopt;
  for (const Value& value : column.values) {
    if (value.text.empty()) continue;
    if (value.signed_rows > 0) return std::nullopt;
    if (is_return(value)) {
      sides.returns.push_back(value.text);
    } else if (is_sale(value)) {
      sides.sales.push_back(value.text);
    } else {
      return std::nullopt;
    }
    sides.all.values.emplace_back(value.text, value.rows);
  }
  if (sides.sales.empty() || sides.returns.empty()) return std::nullopt;
  return sides;
}

absl::Status StateSurvey::CheckCodes() const {
  for (const Column& column : columns_) {
    if (column.kind != Kind::kType || !column.returns.empty()) continue;
    if (NamesATransactionType(column.name)) continue;
    std::optional<Sides> sides = SidesOf(
        column,
        [](const Value& value) {
          return value.row_kind == RowKind::kSaleCode || value.row_kind == RowKind::kSale;
        },
        [&](const Value& value) {
          return value.row_kind == RowKind::kReturnCode && !IsReturn(column, value);
        });
    const char* what = "sales and returns";
    if (!sides.has_value()) {
      what = "goods that went out and goods that came back";
      sides = SidesOf(
          column, [](const Value& value) { return SaysOut(value.text); },
          [](const Value& value) { return SaysIn(value.text); });
    }
    if (!sides.has_value()) continue;
    const std::string sales = absl::StrJoin(sides->sales, ",");
    const std::string returns = absl::StrJoin(sides->returns, ",");
    return absl::FailedPreconditionError(absl::StrCat(
        "the column ", Quoted(column.name), " has ", sides->all.Text(), ", which may be ", what,
        "; if they are, say --return-where='", column.name, "=", returns,
        "'; if all of them are sales, say --where='", column.name, "=", sales, ",", returns,
        "'; if only the former are to be imported, say --where='", column.name, "=", sales, "'"));
  }
  return absl::OkStatus();
}

std::vector<std::string> StateSurvey::UnmetReturns() const {
  std::vector<std::string> notes;
  for (const Column& column : columns_) {
    ColumnValues found = {column.name, {}};
    for (const Value& value : column.values) {
      if (!value.text.empty()) found.values.emplace_back(value.text, value.rows);
    }
    for (const ReturnsOfUser& one : column.returns) {
      if (one.any) continue;
      notes.push_back(absl::StrCat("no row fits ", ConditionText("return-where", *one.condition),
                                   ": ", Quoted(column.name), " has ",
                                   found.values.empty() ? "no other text in any row" : found.Text(),
                                   "; correct the value"));
    }
  }
  return notes;
}

// Whether the user should look at the values that count, of which there are several.
bool StateSurvey::MayMatter(const Column& column, const std::vector<const Value*>& counted) {
  const auto any = [&](auto says) {
    return std::any_of(counted.begin(), counted.end(),
                       [&](const Value* value) { return says(*value); });
  };
  const bool is_known = any([](const Value& value) { return value.state != OrderState::kUnknown; });
  switch (column.kind) {
    case Kind::kCancellation:
    case Kind::kTold:
    case Kind::kReturnFlag:
    case Kind::kSign:
      return true;
    case Kind::kTrace:
      return is_known;
    case Kind::kState:
      return absl::StrContains(absl::AsciiStrToLower(column.name), "stat") || is_known;
    case Kind::kType:
      return !column.has_more && column.values.size() <= kFewValues && any([](const Value& value) {
        return value.row_kind != RowKind::kSale && value.row_kind != RowKind::kGoods &&
               value.row_kind != RowKind::kSaleCode && !value.text.empty();
      });
    case Kind::kAny:
      return is_known || any([](const Value& value) {
               return value.row_kind == RowKind::kReturn || value.row_kind == RowKind::kNoSale;
             });
  }
  return false;
}

std::vector<ColumnValues> StateSurvey::Counted() const {
  std::vector<ColumnValues> columns;
  for (const Column& column : columns_) {
    if (!column.returns.empty()) continue;  // The user has decided.
    ColumnValues found = {column.name, {}};
    std::vector<const Value*> counted;
    const bool makes_returns = MakesReturns(column);
    for (const Value& value : column.values) {
      if (makes_returns && IsReturn(column, value)) continue;
      if (LeavesOut(column, value) || IsNoSaleIn(column, value)) continue;
      counted.push_back(&value);
      if (!value.text.empty()) found.values.emplace_back(value.text, value.rows);
    }
    const bool is_open = std::any_of(counted.begin(), counted.end(), [](const Value* value) {
      return value->state == OrderState::kOpen;
    });
    // One text that only some rows have may matter as much as several.
    const bool is_any =
        column.kind == Kind::kAny ||
        ((column.kind == Kind::kTold || column.kind == Kind::kTrace) && HasEmpty(column));
    if (!found.values.empty() && (found.values.size() > 1 || is_open || is_any) &&
        MayMatter(column, counted)) {
      columns.push_back(found);
    }
  }
  return columns;
}

}  // namespace clustr::ctl
