#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAY_PATTERN_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAY_PATTERN_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"

namespace clustr::ctl {

// A pattern of dates that the user gives: with the letters of spreadsheets (`DD.MM.YYYY HH:mm`) or
// the signs of strftime (`%d.%m.%Y %H:%M`). Immutable and thread-safe.
class DayPattern {
 public:
  // INVALID_ARGUMENT, with the remedy, if the pattern does not name year, month and day.
  static absl::StatusOr<DayPattern> Parse(std::string_view text);

  // Reads a text that has exactly this pattern; false if it has not. `time` is in the time zone
  // that the text names, or as written if it names none.
  bool Read(std::string_view text, absl::CivilMinute* time) const;

  // The pattern as the user wrote it.
  const std::string& text() const { return text_; }
  bool has_time() const { return has_time_; }

 private:
  std::string text_;
  std::string signs_;  // In the signs of absl::ParseTime.
  bool has_time_ = false;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAY_PATTERN_H_
