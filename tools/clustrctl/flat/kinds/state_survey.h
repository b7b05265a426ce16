#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_KINDS_STATE_SURVEY_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_KINDS_STATE_SURVEY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "tools/clustrctl/flat/columns/columns.h"
#include "tools/clustrctl/flat/columns/order_states.h"
#include "tools/clustrctl/flat/columns/row_filter.h"
#include "tools/clustrctl/flat/kinds/column_values.h"

namespace clustr::ctl {

// Goes through all rows of a file and finds the columns without a role that say which orders came
// about: columns that are called status or the like, columns that are called cancelled or the like,
// and any other with few values of which one is a word for cancelled. Not thread-safe; borrows the
// columns.
class StateSurvey {
 public:
  // `where` is what the user says. If it names a column of states, the user decides, and so if
  // `counts_all`: then no row is left out.
  StateSurvey(const FlatColumns* columns, const std::vector<RowCondition>& where, bool counts_all);

  // Takes one row. `is_signed` says whether one of its numbers is below 0.
  void Add(absl::Span<const std::string_view> cells, absl::FunctionRef<bool()> is_signed);

  // Conditions that leave out the rows of orders which were cancelled, never were orders, or were
  // paid back as a whole. Rows that are paid back with a number below 0 speak for themselves.
  std::vector<RowCondition> Conditions() const;

  // The values that are not left out, of the columns that the user should look at.
  std::vector<ColumnValues> Counted() const;

 private:
  enum class Kind {
    kState,
    kCancellation,
    kType,
    kTold,  // It has to do with cancellations or refunds, and says nothing that is understood.
    kAny,
  };
  struct Value {
    std::string cell;  // As it stands in the file.
    std::string text;
    OrderState state = OrderState::kUnknown;
    int64_t rows = 0;
    int64_t signed_rows = 0;
  };
  struct Column {
    size_t place = 0;
    Kind kind = Kind::kAny;
    std::string name;
    std::vector<Value> values;
    size_t last = 0;
    bool only_says_yes_or_no = true;  // Of a cancellation.
    bool has_cancelled = false;       // A value is exactly a word for cancelled.
    bool has_more = false;            // Values that are not kept.
  };

  static Kind KindOf(const std::string& name);
  static OrderState StateIn(const Column& column, std::string_view text);
  bool LeavesOut(const Column& column, const Value& value) const;

  std::vector<Column> columns_;
  bool counts_all_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_KINDS_STATE_SURVEY_H_
