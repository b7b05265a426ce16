#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAY_TEXT_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAY_TEXT_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tools/clustrctl/flat/values/days/clock_text.h"

// Dates as shops write them. Pure functions, thread-safe, O(length).
namespace clustr::ctl {

// The order of year, month and day in a date whose text alone does not say it.
enum class DayOrder {
  kYearFirst,   // 10-12-31
  kMonthFirst,  // 12/31/2010 or 12/31/10
  kDayFirst,    // 31/12/2010 or 31/12/10
};
inline constexpr std::array<DayOrder, 3> kDayOrders = {DayOrder::kDayFirst, DayOrder::kMonthFirst,
                                                       DayOrder::kYearFirst};

// How DayOrder is written in --date-format: `ymd`, `mdy` or `dmy`.
const char* DayOrderName(DayOrder order);

// The parts of a date and time, in the order in which they are written.
struct DayText {
  enum class Form {
    kYearFirst,   // 2010-12-31, 20101231: `numbers` are year, month, day.
    kNamedMonth,  // 31 December 2010: `numbers` are year, month, day.
    kYearLast,    // 12/31/2010: the order of month and day is open.
    kShortYear,   // 12/31/10: the order of all three is open.
    kSerial,      // 40543.35: `numbers[0]` are days since 1899-12-30, as spreadsheets count.
  };
  Form form = Form::kYearFirst;
  std::array<int, 3> numbers = {0, 0, 0};
  std::array<int, 3> digits = {0, 0, 0};  // Of each number, where all three are written apart.
  char separator = 0;
  ClockText clock;
  bool has_second_date = false;  // `2010-12-01 to 2010-12-03`, which is no date.
};

// Splits a date that is optionally followed by a time: `2010-12-01`, `20101201`,
// `20101201T082600Z`, `2010-12-01T08:26:00Z`, `12/1/2010 8:26 PM`, `08/14/25`, `14. August 2025`,
// `Aug-14-25`, `Thu, 14 Aug 2025 12:50:00 +0100`, `Thu Aug 14 12:50:00 UTC 2025`, `Mo, 14.08.2025
// um 12:50 Uhr`, `2025年8月14日`, `40543.35`. Months and days of the week may have the names that
// month_names.h knows. False if the text has none of these forms; `parts->clock.unknown_word` may
// then say for which word, and `parts->has_second_date` that the text goes on with another date.
// The words in `parts` are part of the text.
bool SplitDay(std::string_view text, DayText* parts);

// Reads a time of day that stands in a cell of its own: `14:20`, `2:20 PM`, `14h20`, `142005`. A
// date in front of it, as in `1899-12-30 14:20:00`, says nothing. False if the cell holds no such
// time; a number of one or two digits alone is none.
bool SplitTime(std::string_view text, ClockText* clock);

// The year that a year of two digits means: from 70 on, one of the 20th century.
int LongYear(int year, int digits);

// The day since 1970-01-01 that `parts` is, read in that order where the order is open; unset if
// there is no such day.
std::optional<int32_t> EpochDayOf(const DayText& parts, DayOrder order);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAY_TEXT_H_
