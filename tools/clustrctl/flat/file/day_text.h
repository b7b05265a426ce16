#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_DAY_TEXT_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_DAY_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace clustr::ctl {

// How to read a date that does not begin with its year.
enum class DayOrder {
  kYearFirst,   // Such a date is refused.
  kMonthFirst,  // 12/31/2010
  kDayFirst,    // 31/12/2010
};

// Parses a date, optionally followed by a time of day: `2010-12-01`, `2010-12-01 08:26`,
// `2010-12-01T08:26:00Z`, `12/1/2010 8:26`. The year has four digits, month and day have one or
// two, and both separators are the same: `-`, `/` or `.`. After a year that comes first comes the
// month, whatever `order` is. The time must be valid; it may have an offset, which does not change
// the day. Sets `epoch_day` to the days since 1970-01-01, or returns false and sets `why` to what
// is wrong and the remedy. Pure.
bool ParseDay(std::string_view text, DayOrder order, int32_t* epoch_day, std::string* why);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_DAY_TEXT_H_
