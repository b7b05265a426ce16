#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_SURVEY_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_SURVEY_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "tools/clustrctl/flat/columns/columns.h"
#include "tools/clustrctl/flat/columns/row_filter.h"
#include "tools/clustrctl/flat/file/file_settings.h"
#include "tools/clustrctl/flat/kinds/column_values.h"
#include "tools/clustrctl/flat/kinds/state_survey.h"
#include "tools/clustrctl/flat/rows/conventions.h"
#include "tools/clustrctl/flat/values/day_reading.h"
#include "tools/clustrctl/flat/values/decimal_survey.h"

namespace clustr::ctl {

// Goes through all rows of a file once and collects what decides about its conventions. Not
// thread-safe; borrows its arguments.
class Survey {
 public:
  Survey(const FlatColumns* columns, const RowFilter* filter, const RowFilter* form_filter,
         const FileSettings* settings, const std::vector<PlacedCondition>* returns);

  void Add(absl::Span<const std::string_view> cells);

  // FAILED_PRECONDITION, with the remedy, if dates or numbers have two readings, or the rows are in
  // several currencies.
  absl::StatusOr<Conventions> Decide() const;

  // Which columns without a role say that an order never came about.
  const StateSurvey& states() const { return states_; }

  // Whether there are no prices, and all rows of each order have the same total, so that it may be
  // the total of the order.
  bool total_may_be_of_order() const;

  // The columns of discounts that are not read, of which a row has one.
  std::vector<std::string> Discounts() const;

  // The currency that a column, or the name of that of the amounts, says all rows are in; empty if
  // none does.
  std::string Currency() const;

  // The first three different values of the role's column.
  const std::vector<std::string>& Examples(Role role) const {
    return examples_[static_cast<size_t>(role)];
  }

 private:
  enum class Kind { kCurrency, kSide };
  struct Watched {
    size_t place = 0;
    Kind kind = Kind::kCurrency;
    bool by_values = false;  // A column of currencies as long as all its values are codes or signs.
    std::string last;
    size_t last_value = 0;
    ColumnValues found;
    int64_t unsigned_rows = 0;  // Of a side: rows that have no minus.
  };
  // A row as it is compared with its total.
  struct Line {
    uint32_t order = 0;                  // Equal for rows of the same order that follow each other.
    std::array<std::string, 3> numbers;  // Quantity, price and total.
  };
  // How the rows of one order have their total, if it is in a column that is called so.
  enum class TotalOf { kLine, kOrder, kNeither, kUnread };

  // What the columns of one name have in common.
  struct Twins {
    bool first_has_text = false;
    bool other_has_text = false;
    std::string difference;  // `"2.00" and "3.00" in row 7`; empty if there is none.
  };

  void WatchColumns();
  void AddTwins(absl::Span<const std::string_view> cells);
  absl::Status CheckTwins(Conventions* conventions) const;
  void AddOriginal(absl::Span<const std::string_view> cells);
  void AddTime(std::string_view cell);
  void AddOrder(absl::Span<const std::string_view> cells);
  void AddOrderOfLine(absl::Span<const std::string_view> cells);
  void AddWatched(absl::Span<const std::string_view> cells);
  static void CountValue(std::string_view cell, Watched* column);
  void AddLine(absl::Span<const std::string_view> cells);
  bool IsUnsigned(absl::Span<const std::string_view> cells) const;
  absl::Status CheckCurrencies() const;
  absl::Status CheckSides() const;
  static absl::Status CheckMovements(const Watched& column);
  bool TotalIsOfLine(const Marks& marks) const;
  TotalOf TotalOfRows(absl::Span<const Line> lines, const Marks& marks) const;

  const FlatColumns& columns_;
  const RowFilter& filter_;
  const RowFilter& form_filter_;
  const FileSettings& settings_;
  const std::vector<PlacedCondition>& returns_;
  DaySurvey days_;
  std::vector<DecimalSurvey> numbers_;  // Of quantity, price and total.
  std::vector<Line> lines_;             // The first rows, and then rows of orders with several.
  Line last_line_;
  bool last_line_is_kept_ = false;
  uint32_t order_number_ = 0;
  std::array<std::vector<std::string>, kRoleCount> examples_;
  std::vector<Watched> watched_;
  StateSurvey states_;
  std::vector<Twins> twins_;  // One for each of the columns' twins.
  struct Discount {
    size_t place = 0;
    bool any = false;
  };
  std::vector<Discount> discounts_;  // Columns that are called so.
  bool has_signs_ = false;    // A number is below 0.
  std::string last_time_;
  bool has_other_times_ = false;  // A cell in the column of times is none.
  bool time_is_plain_ = false;    // The name of the column of times says no more than `time`.
  int64_t plain_times_ = 0;       // Times in such a column,
  int64_t early_times_ = 0;       // and those that may as well be durations.
  std::string last_order_;
  // Of a column of orders that may be one of lines, until it is plain that it is none: hashes of
  // its numbers, and of customers and days.
  absl::flat_hash_set<size_t> numbers_of_lines_;
  absl::flat_hash_set<size_t> visits_;
  bool order_is_plain_ = false;  // A number is there again, or a row says too little.
  bool visit_is_repeated_ = false;
  int64_t rows_ = 0;
  int64_t orders_repeated_ = 0;  // Rows with the same order number as the row above.
  int64_t orders_empty_ = 0;     // Rows without an order number.
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_SURVEY_H_
