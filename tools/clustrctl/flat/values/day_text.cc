#include "tools/clustrctl/flat/values/day_text.h"

#include <array>
#include <string>

#include "common/schema/date.h"
#include "tools/clustrctl/flat/values/days/cursor.h"
#include "tools/clustrctl/flat/values/days/folded_word.h"
#include "tools/clustrctl/flat/values/days/month_names.h"

namespace clustr::ctl {
namespace {

// Days from 1899-12-30, day 0 of spreadsheets, to 1970-01-01.
constexpr int32_t kSerialOfEpoch = 25569;
// Serials from 1954 to 2119. Smaller numbers are too likely something else.
constexpr int kMinSerial = 20000;
constexpr int kMaxSerial = 80000;
// Twelve digits of earlier years may as well begin with a year of two digits.
constexpr int kFirstYearOfTwelveDigits = 2013;

// What stands between a date and its time in the common languages.
constexpr std::string_view kConnectors = " at um a as las alle ore kl klo om ora orele o godz в о ";
// What follows a year: `2025 г.`, `2025 r.`.
constexpr std::string_view kYearWords = " г р года року r roku ";
constexpr std::string_view kOrdinals = " st nd rd th er re e o ª º ° ";
constexpr std::string_view kOf = " de del of di ";
constexpr std::string_view kArticles = " le den am el il the ";

// Takes the next word, and a dot behind it, if it is one of `words`.
bool TakeWordOf(std::string_view words, Cursor* cursor) {
  if (!cursor->at_letter()) return false;
  Cursor behind = *cursor;
  if (!IsOneOf(FoldedWord(behind.TakeWord()), words)) return false;
  behind.Take('.');
  *cursor = behind;
  return true;
}

// Takes a day of the week, also in brackets, behind a date.
void TakeWeekday(Cursor* cursor) {
  Cursor behind = *cursor;
  const bool bracket = behind.Take('(');
  if (!IsWeekday(behind.TakeWord())) return;
  behind.Take('.');
  if (bracket && !behind.Take(')')) return;
  behind.Take(',');
  behind.TakeSpaces();
  *cursor = behind;
}

// Whether a date of three numbers, one of which is a year of four digits, stands anywhere in the
// text behind a date. Times and offsets have no such numbers.
bool HoldsDate(std::string_view text) {
  if (text.size() < 8) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    Cursor cursor(text.substr(i));
    if (!cursor.at_digit()) continue;
    std::array<int, 3> digits = {};
    cursor.TakeNumber(&digits[0]);
    i += static_cast<size_t>(digits[0]) - 1;
    const char separator = cursor.next();
    if (separator != '-' && separator != '/' && separator != '.') continue;
    cursor.Take(separator);
    cursor.TakeNumber(&digits[1]);
    if (digits[1] < 1 || digits[1] > 2 || !cursor.Take(separator)) continue;
    cursor.TakeNumber(&digits[2]);
    const auto is_short = [](int count) { return count == 1 || count == 2; };
    if ((digits[0] == 4 && is_short(digits[2])) || (is_short(digits[0]) && digits[2] == 4)) {
      return true;
    }
  }
  return false;
}

// Takes what stands between a date and its time: spaces, `T`, a comma, `at`, and the like; and the
// time, if one comes. False if anything else comes.
bool TakeRest(Cursor* cursor, DayText* parts) {
  parts->has_second_date = HoldsDate(cursor->rest());
  if (parts->has_second_date) return false;
  cursor->Take(',');
  cursor->TakeSpaces();
  if (cursor->done()) return true;
  if (cursor->next() == 'T' || cursor->next() == 't') {
    Cursor time = *cursor;
    time.Take(time.next());
    if (time.at_digit()) return TakeClock(&time, &parts->clock) && time.done();
  }
  if (TakeWordOf(kYearWords, cursor)) {
    cursor->Take(',');
    cursor->TakeSpaces();
  }
  if (cursor->at_letter() || cursor->next() == '(') TakeWeekday(cursor);
  if (cursor->done()) return true;
  const bool has_dash = cursor->Take("\u2013 ") || cursor->Take("\u2014 ");
  if (has_dash) {
    cursor->TakeSpaces();
  } else if (cursor->at_letter()) {
    for (int word = 0; word < 2 && TakeWordOf(kConnectors, cursor); ++word) cursor->TakeSpaces();
  } else if (cursor->Take('@') || cursor->Take(':') || cursor->Take("- ") || cursor->Take("| ")) {
    cursor->TakeSpaces();
  }
  return TakeClock(cursor, &parts->clock) && cursor->done();
}

char TakeSeparator(Cursor* cursor) {
  for (const char c : {'-', '/', '.', '_'}) {
    if (cursor->Take(c)) return c;
  }
  return 0;
}

int DaysIn(int year, int month) {
  static constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

// The rest of a date after its first number, whose month is a number.
bool SplitNumbers(int first, int digits, char separator, Cursor* cursor, DayText* parts) {
  const int second = cursor->TakeNumber(&parts->digits[1]);
  const bool spaced = cursor->TakeSpaces();
  if (separator == ' ' ? !spaced : !cursor->Take(separator)) return false;
  cursor->TakeSpaces();
  const int third = cursor->TakeNumber(&parts->digits[2]);
  const int digits3 = parts->digits[2];
  if (parts->digits[1] < 1 || parts->digits[1] > 2) return false;
  parts->digits[0] = digits;
  parts->separator = separator;
  parts->numbers = {first, second, third};
  if (digits == 4 && digits3 >= 1 && digits3 <= 2) {
    parts->form = DayText::Form::kYearFirst;
  } else if (digits <= 2 && digits3 == 4) {
    parts->form = DayText::Form::kYearLast;
  } else if (digits <= 2 && digits3 == 2) {
    parts->form = DayText::Form::kShortYear;
  } else {
    return false;
  }
  if (separator == '.') cursor->Take('.');  // `21.07.2025.`, as in Hungary and Croatia.
  return TakeRest(cursor, parts);
}

// The rest of a date after its year, as in China, Japan and Korea: 2025年7月21日.
bool SplitSigned(int year, Cursor* cursor, DayText* parts) {
  cursor->TakeSpaces();
  const int month = cursor->TakeBounded(1, 2, 99);
  if (month < 0 || (!cursor->Take("月") && !cursor->Take("월"))) return false;
  cursor->TakeSpaces();
  const int day = cursor->TakeBounded(1, 2, 99);
  if (day < 0 || (!cursor->Take("日") && !cursor->Take("일"))) return false;
  parts->numbers = {year, month, day};
  return TakeRest(cursor, parts);
}

// The rest of a date whose first number is followed by the name of a month: 14 August 2025.
bool SplitNumberAndName(int first, int digits, Cursor* cursor, DayText* parts) {
  if (digits <= 2 && TakeWordOf(kOrdinals, cursor)) cursor->TakeFiller();
  if (TakeWordOf(kOf, cursor)) cursor->TakeFiller();
  const int month = MonthNamed(cursor->TakeWord());
  if (month == 0) return false;
  cursor->TakeFiller();
  if (TakeWordOf(kOf, cursor)) cursor->TakeFiller();
  int digits2 = 0;
  const int last = cursor->TakeNumber(&digits2);
  parts->form = DayText::Form::kNamedMonth;
  if (digits == 4 && digits2 >= 1 && digits2 <= 2) {
    parts->numbers = {first, month, last};
  } else if (digits <= 2 && (digits2 == 4 || digits2 == 2)) {
    parts->numbers = {LongYear(last, digits2), month, first};
  } else {
    return false;
  }
  cursor->Take('.');
  return TakeRest(cursor, parts);
}

// The rest of a date after the name of its month: 14, 2025.
bool SplitAfterName(int month, Cursor* cursor, DayText* parts) {
  int digits = 0;
  const int day = cursor->TakeNumber(&digits);
  if (digits < 1 || digits > 2) return false;
  TakeWordOf(" st nd rd th ", cursor);
  cursor->TakeFiller();
  Cursor clock = *cursor;
  int year_digits = 0;
  int year = cursor->TakeNumber(&year_digits);
  const bool clock_first = year_digits <= 2 && cursor->next() == ':';
  if (clock_first) {  // `Mon Jul 21 13:30:00 UTC 2025`
    *cursor = clock;
    if (!TakeClock(cursor, &parts->clock)) return false;
    year = cursor->TakeNumber(&year_digits);
    if (year_digits != 4) return false;
  }
  if (year_digits != 4 && year_digits != 2) return false;
  parts->form = DayText::Form::kNamedMonth;
  parts->numbers = {LongYear(year, year_digits), month, day};
  return clock_first ? cursor->done() : TakeRest(cursor, parts);
}

bool SplitSerial(int day, Cursor* cursor, DayText* parts) {
  parts->form = DayText::Form::kSerial;
  parts->numbers[0] = day;
  if (cursor->Take('.') || cursor->Take(',')) {
    int64_t fraction = 0;
    int64_t scale = 1;
    while (cursor->at_digit()) {
      if (scale < 1'000'000'000) {
        fraction = 10 * fraction + (cursor->next() - '0');
        scale *= 10;
      }
      cursor->Take(cursor->next());
    }
    if (fraction > 0) parts->clock.minute_of_day = static_cast<int>(fraction * 1440 / scale);
  }
  return cursor->done();
}

// The rest of a date after eight digits that are year, month and day.
bool SplitCompact(int number, Cursor* cursor, DayText* parts) {
  parts->numbers = {number / 10000, number / 100 % 100, number % 100};
  if (!cursor->at_digit()) return TakeRest(cursor, parts);
  int digits = 0;
  Cursor time = *cursor;
  time.TakeNumber(&digits);
  const bool has_one_reading =
      digits == 6 || (digits == 4 && parts->numbers[0] >= kFirstYearOfTwelveDigits);
  return has_one_reading && TakeClock(cursor, &parts->clock) && cursor->done();
}

// A date that begins with a number.
bool SplitNumberFirst(Cursor* cursor, DayText* parts) {
  int digits = 0;
  const int first = cursor->TakeNumber(&digits);
  if (digits == 8) return SplitCompact(first, cursor, parts);
  if (digits == 5 && first >= kMinSerial && first <= kMaxSerial) {
    return SplitSerial(first, cursor, parts);
  }
  if (digits < 1 || (digits != 4 && digits > 2)) return false;
  if (digits == 4 && (cursor->Take("年") || cursor->Take("년"))) {
    return SplitSigned(first, cursor, parts);
  }
  const bool spaced = cursor->TakeSpaces();
  char separator = TakeSeparator(cursor);
  cursor->TakeSpaces();
  if (cursor->at_letter()) return SplitNumberAndName(first, digits, cursor, parts);
  if (separator == 0 && spaced) separator = ' ';
  return separator != 0 && SplitNumbers(first, digits, separator, cursor, parts);
}

// A date that may begin with the name of a day of the week, or of its month: Thu, Aug 14, 2025.
bool SplitAny(Cursor* cursor, DayText* parts) {
  for (int words = 0; words < 3; ++words) {
    if (!cursor->at_letter()) return SplitNumberFirst(cursor, parts);
    Cursor behind = *cursor;
    const std::string_view word = behind.TakeWord();
    behind.TakeFiller();
    const int month = MonthNamed(word);
    // French, Italian and Spanish `mar` may be March or a Tuesday, as what follows says.
    if (month != 0) {
      Cursor day = behind;
      if (SplitAfterName(month, &day, parts)) {
        *cursor = day;
        return true;
      }
      const std::string_view unknown_word = parts->clock.unknown_word;
      *parts = {};
      parts->clock.unknown_word = unknown_word;
    }
    if (!IsWeekday(word) && !IsOneOf(FoldedWord(word), kArticles)) return false;
    *cursor = behind;
  }
  return false;
}

}  // namespace

const char* DayOrderName(DayOrder order) {
  switch (order) {
    case DayOrder::kYearFirst:
      return "ymd";
    case DayOrder::kMonthFirst:
      return "mdy";
    case DayOrder::kDayFirst:
      return "dmy";
  }
  return "";
}

bool SplitDay(std::string_view text, DayText* parts) {
  *parts = {};
  Cursor cursor(text);
  return SplitAny(&cursor, parts);
}

bool SplitTime(std::string_view text, ClockText* clock) {
  const bool is_short_number =
      text.size() <= 2 && text.find_first_not_of("0123456789") == std::string_view::npos;
  if (is_short_number) return false;
  Cursor cursor(text);
  *clock = {};
  if (TakeClock(&cursor, clock) && cursor.done()) return true;
  DayText parts;
  if (!SplitDay(text, &parts) || parts.clock.minute_of_day < 0) return false;
  *clock = parts.clock;
  return true;
}

int LongYear(int year, int digits) { return digits > 2 ? year : year + (year < 70 ? 2000 : 1900); }

std::optional<int32_t> EpochDayOf(const DayText& parts, DayOrder order) {
  if (parts.form == DayText::Form::kSerial) return parts.numbers[0] - kSerialOfEpoch;
  auto [year, month, day] = parts.numbers;
  const bool open =
      parts.form == DayText::Form::kYearLast || parts.form == DayText::Form::kShortYear;
  if (open && (order != DayOrder::kYearFirst || parts.form == DayText::Form::kYearLast)) {
    if (order == DayOrder::kYearFirst) return std::nullopt;
    year = parts.numbers[2];
    month = parts.numbers[order == DayOrder::kDayFirst ? 1 : 0];
    day = parts.numbers[order == DayOrder::kDayFirst ? 0 : 1];
  }
  if (parts.form == DayText::Form::kShortYear) year = LongYear(year, 2);
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > DaysIn(year, month)) {
    return std::nullopt;
  }
  return schema::EpochDay({year, month, day});
}

}  // namespace clustr::ctl
