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
  explicit DecimalSurvey(std::string column) : column_(std::move(column)) {}

  // Takes one text of the column.
  void Add(std::string_view text);

  const std::string& column() const { return column_; }
  // The first text that can be read only with a decimal dot, or only with a comma; empty if there
  // is none.
  const std::string& dot() const { return dot_; }
  const std::string& comma() const { return comma_; }
  // The first text with two readings; empty if there is none.
  const std::string& either() const { return either_; }

 private:
  std::string column_;
  std::string last_;  // Equal texts often follow one another.
  std::string dot_;
  std::string comma_;
  std::string either_;
};

// The decimal mark of one column: that of its own numbers, or else of the other columns of the
// file, or else, in a file with commas between its cells (`delimiter`), the dot. The dot, too, if
// no number has a mark. FAILED_PRECONDITION, with two readings and the remedy, if the numbers of
// the column, or of the others, contradict each other, or nothing decides between two readings.
absl::StatusOr<DecimalMark> DecideMark(const DecimalSurvey& column,
                                       absl::Span<const DecimalSurvey> all, char delimiter);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DECIMAL_SURVEY_H_
