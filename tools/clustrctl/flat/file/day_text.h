#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_DAY_TEXT_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_DAY_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace clustr::ctl {

// How a date is read that does not begin with its year.
enum class DayOrder {
  kYearFirst,   // Not at all: it is refused.
  kMonthFirst,  // 12/31/2010
  kDayFirst,    // 31/12/2010
};

// Reads a date, with a time of day behind it or none: `2010-12-01`, `2010-12-01 08:26`,
// `2010-12-01T08:26:00Z`, `12/1/2010 8:26`. The year has four digits, day and month one or two;
// between them stands twice the same one of `-`, `/` and `.`. A date that begins with its year goes
// on with the month, whatever `order` is. The time must be one, with an offset or without, and does
// not move the day. Sets `epoch_day`, days since 1970-01-01; or returns false and sets `why` to
// what is wrong and what to give instead. Pure.
bool ParseDay(std::string_view text, DayOrder order, int32_t* epoch_day, std::string* why);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_DAY_TEXT_H_
