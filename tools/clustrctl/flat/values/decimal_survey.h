#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DECIMAL_SURVEY_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DECIMAL_SURVEY_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "tools/clustrctl/flat/values/amount_text.h"

namespace clustr::ctl {

// Collects the numbers of one column, and what they say about its decimal mark. Not thread-safe.
class DecimalSurvey {
 public:
  // `currency` is that of the shop; empty if the user does not say.
  DecimalSurvey(std::string column, bool is_quantity, std::string currency)
      : column_(std::move(column)), is_quantity_(is_quantity), currency_(std::move(currency)) {}

  // Takes one text of the column.
  void Add(std::string_view text);

  const std::string& column() const { return column_; }
  // The first text that can be read only with a decimal dot, or only with a comma; empty if there
  // is none.
  const std::string& dot() const { return dot_; }
  const std::string& comma() const { return comma_; }
  // The first text with two readings; empty if there is none.
  const std::string& either() const { return either_; }
  // True for a column of quantities that are all written like 2.000. Few shops sell thousands in
  // every line, but many programs write quantities with three decimals.
  bool may_be_units_with_zeros() const { return is_quantity_ && !either_.empty() && !has_others_; }

 private:
  std::string column_;
  bool is_quantity_;
  std::string currency_;
  bool has_others_ = false;  // A number that is not written like 2.000.
  std::string last_;         // Equal texts often follow one another.
  std::string dot_;
  std::string comma_;
  std::string either_;
  std::string scratch_;
};

// The decimal mark of one column: that of its own numbers, or else of the other columns of the
// file; the dot if no number has a mark. FAILED_PRECONDITION, with two readings and the remedy, if
// the numbers of the column, or of the others, contradict each other, or nothing decides between
// two readings, as in a column whose numbers all have three digits behind one mark; or if the other
// columns would make thousands of quantities that may be units (`may_be_units_with_zeros`).
absl::StatusOr<DecimalMark> DecideMark(const DecimalSurvey& column,
                                       absl::Span<const DecimalSurvey> all);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DECIMAL_SURVEY_H_
