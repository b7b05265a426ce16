#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_ROW_FILTER_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_ROW_FILTER_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace clustr::ctl {

// One --where: rows count if the cell of a column is one of some values, or none of them.
struct RowCondition {
  std::string column;
  bool is_one_of = true;
  std::vector<std::string> values;  // An empty one stands for an empty cell.
  bool is_of_row = false;           // A cell says nothing about the other rows of its order.
};

// Parses `Financial Status=paid,partially_refunded` or `Status!=cancelled`. INVALID_ARGUMENT, with
// the remedy, if there is no column.
absl::StatusOr<RowCondition> ParseCondition(std::string_view text);

// Whether a text fits a condition on its own. A word such as NULL is an empty text, unless the
// condition means that word.
bool FitsCondition(const RowCondition& condition, std::string_view text);

// A condition and the column that it is about.
struct PlacedCondition {
  size_t place;
  RowCondition condition;
};

// The conditions of --return-where with their columns. FAILED_PRECONDITION, with the remedy, if the
// file lacks a column of a condition, or has several of that name.
absl::StatusOr<std::vector<PlacedCondition>> PlaceReturns(
    absl::Span<const std::string> header, const std::vector<RowCondition>& conditions);

// The condition as a flag: `--where='Status=paid'`.
std::string ConditionText(std::string_view flag, const RowCondition& condition);

// The conditions by which rows of orders that never came about are left out, as the form of the
// file has columns and words for that. None if the file has no known form, or `given` has a
// condition on one of these columns: then the user has decided.
std::vector<RowCondition> FormConditions(absl::Span<const std::string> header,
                                         const std::vector<RowCondition>& given);

// Whether a cell has a value of a condition: without regard to case, accents and white space around
// it, and `1` is also `1.0`.
bool IsValue(const std::string& value, std::string_view cell);

// Decides which rows of a file count. Immutable and thread-safe.
class RowFilter {
 public:
  // FAILED_PRECONDITION, with the remedy, if the file lacks a column of a condition.
  static absl::StatusOr<RowFilter> Bind(absl::Span<const std::string> header,
                                        const std::vector<RowCondition>& conditions);

  enum class Verdict {
    kCounts,
    kDoesNot,
    kOpen,        // All the cells are empty, so it is as with the order's earlier rows.
    kRowDoesNot,  // By a condition that says nothing about the other rows of the order.
  };
  Verdict Check(absl::Span<const std::string_view> cells) const;

  // The cell that makes the verdict kDoesNot or kRowDoesNot.
  std::string_view Reason(absl::Span<const std::string_view> cells) const;

  // What an open verdict means where the order has no earlier row: whether empty cells fit.
  bool empty_cells_fit() const { return empty_cells_fit_; }
  bool any() const { return !conditions_.empty(); }
  // Whether a condition is about the column at this place.
  bool IsAbout(size_t place) const;

  // The conditions, with one entry for each column that one of them applies to.
  size_t size() const { return conditions_.size(); }
  const RowCondition& condition(size_t number) const { return conditions_[number].condition; }
  // The cell that a condition is compared with; empty if it says nothing.
  std::string_view CellFor(size_t number, absl::Span<const std::string_view> cells) const {
    return CellOf(conditions_[number], cells);
  }

 private:
  // The cell of a condition, or an empty text if the cell says nothing about it.
  static std::string_view CellOf(const PlacedCondition& bound,
                                 absl::Span<const std::string_view> cells);

  std::vector<PlacedCondition> conditions_;
  bool empty_cells_fit_ = true;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_ROW_FILTER_H_
