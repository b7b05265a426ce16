#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAY_PATTERN_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAY_PATTERN_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "tools/clustrctl/flat/values/day_text.h"

namespace clustr::ctl {

// A pattern of dates that the user gives: with the letters of spreadsheets (`DD.MM.YYYY HH:mm`) or
// the signs of strftime (`%d.%m.%Y %H:%M`). Immutable and thread-safe.
class DayPattern {
 public:
  // INVALID_ARGUMENT, with the remedy, if the pattern does not name year, month and day, or has a
  // sign of strftime that has no meaning here.
  static absl::StatusOr<DayPattern> Parse(std::string_view text);

  // Reads a text that has exactly this pattern; false if it has not. Numbers may have one digit,
  // except years; where numbers follow one another without a mark, each takes as many digits as it
  // can have. A space stands for any number of spaces, and names of months may be in any language
  // that month_names.h knows. O(length).
  bool Read(std::string_view text, DayText* parts) const;

  // The pattern as the user wrote it.
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::string signs_;  // As PatternSigns writes them.
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAY_PATTERN_H_
