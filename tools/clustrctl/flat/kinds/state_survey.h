#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_KINDS_STATE_SURVEY_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_KINDS_STATE_SURVEY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "tools/clustrctl/flat/columns/columns.h"
#include "tools/clustrctl/flat/columns/order_states.h"
#include "tools/clustrctl/flat/columns/row_filter.h"
#include "tools/clustrctl/flat/kinds/column_values.h"

namespace clustr::ctl {

// A column without a role that says of each row whether it is a sale of goods, and its cells, as
// they stand in the file, that say that it is none.
struct KindColumn {
  size_t place = 0;
  std::string name;
  bool is_told_by_name = false;  // Its cells say nothing without its name, as yes and no.
  std::vector<std::string> returns;
  std::vector<std::string> no_sales;  // Other documents, training, shipping, taxes, payments.
};

// Goes through all rows of a file and finds the columns without a role that say which orders came
// about: columns that are called status or the like, columns that are called cancelled or the like,
// and any other with few values of which one is a word for cancelled; and those that say what kind
// of row each row is. Not thread-safe; borrows the columns.
class StateSurvey {
 public:
  // `where` is what the user says. If it is about a column of states, the user decides, and so if
  // `counts_all`: then no row is left out. Rows that fit one of `returns` are returns, as the user
  // says. Borrows `returns`.
  StateSurvey(const FlatColumns* columns, const RowFilter& where,
              const std::vector<PlacedCondition>& returns, bool counts_all);

  // Takes one row. `is_signed` says whether one of its numbers is below 0.
  void Add(absl::Span<const std::string_view> cells, absl::FunctionRef<bool()> is_signed);

  // Conditions that leave out the rows of orders which were cancelled, never were orders, or were
  // paid back as a whole. Rows that are paid back with a number below 0 speak for themselves.
  std::vector<RowCondition> Conditions() const;

  // The columns that say which rows are returns although no number of theirs is below 0, or no
  // sales of goods, beside what the user says. A word for what is no sale counts only beside a word
  // for a sale, and one for what is no goods beside one for goods, or in a column of kinds of
  // lines.
  std::vector<KindColumn> Kinds() const;

  // FAILED_PRECONDITION, with the remedy, if a column that is called `type` or the like has nothing
  // but codes that may stand for sales and for returns, as S and R or Out and In, and no number
  // below 0 says which is which.
  absl::Status CheckCodes() const;

  // A whole sentence for each --return-where that no row fits.
  std::vector<std::string> UnmetReturns() const;

  // The values that are not left out, of the columns that the user should look at.
  std::vector<ColumnValues> Counted() const;

 private:
  enum class Kind {
    kState,
    kCancellation,
    kTrace,  // Whatever stands in it says that the row was cancelled.
    kType,
    kReturnFlag,
    kSign,
    kTold,  // It has to do with cancellations or refunds, and says nothing that is understood.
    kAny,
  };
  // What a value says about its rows.
  enum class RowKind {
    kUnknown,
    kSale,
    kGoods,
    kReturn,
    kNoSale,
    kNoGoods,
    kNoGoodsBesideGoods,
    kSaleCode,
    kReturnCode
  };
  struct Value {
    std::string cell;  // As it stands in the file.
    std::string text;
    OrderState state = OrderState::kUnknown;
    RowKind row_kind = RowKind::kUnknown;
    int64_t rows = 0;
    int64_t signed_rows = 0;
  };
  // Which rows the user calls returns, and whether there is one. Their values are not kept.
  struct ReturnsOfUser {
    const RowCondition* condition;
    bool any = false;
  };
  struct Column {
    size_t place = 0;
    Kind kind = Kind::kAny;
    std::string name;
    std::vector<Value> values;
    size_t last = 0;
    int64_t rows = 0;
    bool only_says_yes_or_no = true;  // Of a cancellation, a flag or a sign.
    bool has_cancelled = false;       // A value is exactly a word for cancelled.
    bool has_more = false;            // Values that are not kept.
    bool is_of_row = false;  // A row behind the first one of its order was cancelled alone.
    std::vector<ReturnsOfUser> returns;
  };

  // The values of a column that may be sales, and those that may be returns.
  struct Sides {
    std::vector<std::string> sales;
    std::vector<std::string> returns;
    ColumnValues all;
  };

  template <class SaleTest, class ReturnTest>
  static std::optional<Sides> SidesOf(const Column& column, SaleTest is_sale, ReturnTest is_return);
  static Kind KindOf(const std::string& name);
  static OrderState StateIn(const Column& column, std::string_view text);
  static RowKind RowKindIn(const Column& column, std::string_view text);
  void AddValue(std::string_view cell, std::string text, OrderState state, Column* column) const;
  static bool Has(const Column& column, RowKind kind);
  static bool HasCodes(const Column& column);
  static bool IsReturn(const Column& column, const Value& value);
  static bool MakesReturns(const Column& column);
  bool IsNoSaleIn(const Column& column, const Value& value) const;
  static bool MayMatter(const Column& column, const std::vector<const Value*>& counted);
  static bool TakesReturn(std::string_view cell, Column* column);
  bool BeginsOrder(absl::Span<const std::string_view> cells);
  static bool SaysNothing(const Column& column, const Value& value);
  static bool HasEmpty(const Column& column);
  static bool TracesFew(const Column& column);
  bool LeavesOut(const Column& column, const Value& value) const;

  const FlatColumns& file_columns_;
  std::vector<Column> columns_;
  std::string last_order_;
  bool counts_all_;
  const bool takes_no_sales_;  // As the user says.
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_KINDS_STATE_SURVEY_H_
