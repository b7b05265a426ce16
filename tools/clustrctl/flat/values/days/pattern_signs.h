#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAYS_PATTERN_SIGNS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAYS_PATTERN_SIGNS_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace clustr::ctl {

// A pattern of dates in few signs of strftime, each without a variant: %Y %y %m %b (any name of a
// month) %d %a (any day of the week) %H %I %M %S %f (a fraction) %p %z (an offset) %Z (a zone) and
// %%. `pattern` has the letters of spreadsheets (`DD.MM.YYYY HH:mm`), or the signs of strftime, of
// which %F, %D, %T and %R are written out. INVALID_ARGUMENT, with the remedy, for a sign that has
// no meaning here. Pure and thread-safe.
absl::StatusOr<std::string> PatternSigns(std::string_view pattern);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAYS_PATTERN_SIGNS_H_
