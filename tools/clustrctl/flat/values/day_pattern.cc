#include "tools/clustrctl/flat/values/day_pattern.h"

#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "tools/clustrctl/flat/values/days/cursor.h"
#include "tools/clustrctl/flat/values/days/month_names.h"
#include "tools/clustrctl/flat/values/days/pattern_signs.h"

namespace clustr::ctl {
namespace {

// The time of day as far as it was read.
struct Clock {
  int hour = -1;
  int minute = 0;
  int second = 0;
  std::optional<bool> is_pm;
};

bool TakeDigits(int min_digits, int max_digits, Cursor* cursor, int* number) {
  int digits = 0;
  *number = cursor->TakeNumber(&digits, max_digits);
  return digits >= min_digits;
}

bool TakeSign(char sign, Cursor* cursor, DayText* parts, Clock* clock) {
  auto& [year, month, day] = parts->numbers;
  switch (sign) {
    case 'Y':
      return TakeDigits(4, 4, cursor, &year);
    case 'y':
      if (!TakeDigits(2, 2, cursor, &year)) return false;
      year = LongYear(year, 2);
      return true;
    case 'm':
      return TakeDigits(1, 2, cursor, &month);
    case 'b':
      month = MonthNamed(cursor->TakeWord());
      return month != 0;
    case 'd':
      return TakeDigits(1, 2, cursor, &day);
    case 'a':
      return IsWeekday(cursor->TakeWord());
    case 'H':
    case 'I':
      return TakeDigits(1, 2, cursor, &clock->hour);
    case 'M':
      return TakeDigits(1, 2, cursor, &clock->minute);
    case 'S':
      return TakeDigits(1, 2, cursor, &clock->second);
    case 'f':
      if (!cursor->at_digit()) return false;
      cursor->TakeDigits();
      return true;
    case 'p': {
      bool is_pm = false;
      if (!TakeHalfDay(cursor, &is_pm)) return false;
      clock->is_pm = is_pm;
      return true;
    }
    case 'z':
    case 'Z':
      if (cursor->at_letter()) return TakeZone(cursor, &parts->clock);
      return TakeOffset(cursor, /*may_be_short=*/true, &parts->clock.offset_minutes);
    case '%':
      return cursor->Take('%');
    default:
      return false;
  }
}

// Sets the time of day; false if there is no such time.
bool SetClock(Clock clock, ClockText* to) {
  if (clock.hour < 0) return true;
  if (clock.is_pm.has_value() && !ApplyHalfDay(*clock.is_pm, &clock.hour)) return false;
  if (clock.minute > 59 || clock.second > 60) return false;
  to->minute_of_day = clock.hour * 60 + clock.minute;
  return to->minute_of_day < 1440 || (to->minute_of_day == 1440 && clock.second == 0);
}

}  // namespace

absl::StatusOr<DayPattern> DayPattern::Parse(std::string_view text) {
  const absl::StatusOr<std::string> signs = PatternSigns(text);
  if (!signs.ok()) return signs.status();
  const auto has = [&](const char* sign) { return absl::StrContains(*signs, sign); };
  if ((!has("%Y") && !has("%y")) || (!has("%m") && !has("%b")) || !has("%d")) {
    return absl::InvalidArgumentError(absl::StrCat(
        Quoted(absl::string_view(text.data(), text.size())),
        " does not name year, month and day; give ymd, mdy or dmy, or a pattern such as "
        "DD.MM.YYYY, \"YYYY-MM-DD HH:mm\" or %d.%m.%Y"));
  }
  DayPattern pattern;
  pattern.text_ = std::string(text);
  pattern.signs_ = *signs;
  return pattern;
}

bool DayPattern::Read(std::string_view text, DayText* parts) const {
  *parts = {};
  Cursor cursor(text);
  Clock clock;
  for (size_t i = 0; i < signs_.size(); ++i) {
    if (signs_[i] == '%') {
      const char sign = signs_[++i];
      if (!TakeSign(sign, &cursor, parts, &clock)) return false;
      // Seconds may have a fraction, and short names a dot, that the pattern does not name.
      const char next = i + 1 == signs_.size() ? '\0' : signs_[i + 1];
      if (sign == 'S' && next != '.' && next != ',' && (cursor.Take('.') || cursor.Take(','))) {
        cursor.TakeDigits();
      }
      if ((sign == 'a' || sign == 'b') && next != '.') cursor.Take('.');
    } else if (signs_[i] == ' ') {
      cursor.TakeSpaces();
    } else if (!cursor.Take(signs_[i])) {
      return false;
    }
  }
  cursor.TakeSpaces();
  return cursor.done() && SetClock(clock, &parts->clock);
}

}  // namespace clustr::ctl
