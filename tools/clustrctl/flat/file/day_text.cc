#include "tools/clustrctl/flat/file/day_text.h"

#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/errors.h"
#include "common/schema/date.h"

namespace clustr::ctl {
namespace {

// Reads a text from left to right.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }

  // Takes `c` if it comes next.
  bool Take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Takes up to four digits that come next and returns their value. Sets `digits` to their number.
  int TakeNumber(int* digits) {
    int number = 0;
    *digits = 0;
    while (*digits < 4 && !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      number = 10 * number + (rest_.front() - '0');
      rest_.remove_prefix(1);
      ++*digits;
    }
    return number;
  }

  // Takes a number of `min_digits` to `max_digits` digits; false if it is above `max` or has
  // others.
  bool TakeBounded(int min_digits, int max_digits, int max) {
    int digits = 0;
    const int number = TakeNumber(&digits);
    return digits >= min_digits && digits <= max_digits && number <= max;
  }

 private:
  std::string_view rest_;
};

// Takes nothing, or a time such as ` 8:26` or `T08:26:00.5`, optionally followed by `Z`, `+0100` or
// ` -05:00`; false if what is left is anything else.
bool TakeTime(Cursor* cursor) {
  if (cursor->done()) return true;
  if (!cursor->Take(' ') && !cursor->Take('T')) return false;
  if (!cursor->TakeBounded(1, 2, 23) || !cursor->Take(':')) return false;
  if (!cursor->TakeBounded(2, 2, 59)) return false;
  if (cursor->Take(':')) {
    if (!cursor->TakeBounded(2, 2, 60)) return false;
    if (cursor->Take('.')) {
      int digits = 1;
      while (digits > 0) cursor->TakeNumber(&digits);
    }
  }
  cursor->Take(' ');
  if (cursor->done() || (cursor->Take('Z') && cursor->done())) return true;
  if (!cursor->Take('+') && !cursor->Take('-')) return false;
  int digits = 0;
  cursor->TakeNumber(&digits);
  if (digits == 2 && cursor->Take(':')) {
    int minute_digits = 0;
    cursor->TakeNumber(&minute_digits);
    digits += minute_digits;
  }
  return digits == 4 && cursor->done();
}

bool Refuse(std::string_view text, const std::string& problem, std::string* why) {
  *why = absl::StrCat(Quoted(absl::string_view(text.data(), text.size())), " ", problem);
  return false;
}

constexpr char kShape[] = "is not a date; give for example 2010-12-31 or 2010-12-31 08:26";

}  // namespace

bool ParseDay(std::string_view text, DayOrder order, int32_t* epoch_day, std::string* why) {
  Cursor cursor(text);
  std::array<int, 3> numbers;
  std::array<int, 3> digits;
  numbers[0] = cursor.TakeNumber(&digits[0]);
  char separator = 0;
  for (const char c : {'-', '/', '.'}) {
    if (cursor.Take(c)) {
      separator = c;
      break;
    }
  }
  numbers[1] = cursor.TakeNumber(&digits[1]);
  const bool separated = separator != 0 && cursor.Take(separator);
  numbers[2] = cursor.TakeNumber(&digits[2]);
  const auto short_number = [&](int i) { return digits[i] == 1 || digits[i] == 2; };
  if (!separated || !short_number(1) || !TakeTime(&cursor)) return Refuse(text, kShape, why);
  const bool year_first = digits[0] == 4 && short_number(2);
  const bool year_last = digits[2] == 4 && short_number(0);
  if (!year_first && !year_last) return Refuse(text, kShape, why);
  if (year_last && order == DayOrder::kYearFirst) {
    return Refuse(text,
                  "does not begin with the year; give YYYY-MM-DD, or choose --date-format=mdy or "
                  "--date-format=dmy",
                  why);
  }
  const int year = numbers[year_first ? 0 : 2];
  const int month = numbers[year_first || order == DayOrder::kDayFirst ? 1 : 0];
  const int day = numbers[year_first ? 2 : order == DayOrder::kDayFirst ? 0 : 1];
  const auto date = schema::ParseDate(absl::StrFormat("%04d-%02d-%02d", year, month, day));
  if (!date.has_value()) {
    return Refuse(text,
                  absl::StrCat("is day ", day, " of month ", month, " of ", year,
                               ", which does not exist; give a day that exists",
                               year_first ? "" : ", or choose another --date-format"),
                  why);
  }
  *epoch_day = schema::EpochDay(*date);
  return true;
}

}  // namespace clustr::ctl
