#include "tools/clustrctl/flat/values/days/code_date.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "tools/clustrctl/flat/values/days/cursor.h"
#include "tools/clustrctl/flat/values/days/month_names.h"

namespace clustr::ctl {
namespace {

// Takes `-`, `/`, `.`, or a space, also behind a dot; 0 if none comes.
char TakeSeparator(Cursor* cursor) {
  for (const char mark : {'-', '/', '.', ' '}) {
    if (!cursor->Take(mark)) continue;
    if (mark == '.') cursor->Take(' ');
    return mark;
  }
  return 0;
}

// Whether a word is the name of a month and not in capitals, as spreadsheets write it.
bool IsMonth(std::string_view word) {
  const bool has_small =
      std::any_of(word.begin(), word.end(), [](char c) { return !absl::ascii_isupper(c); });
  return has_small && MonthNamed(word) != 0;
}

// `1-Mar`, `1-Mar-24`, `1. Mrz`.
bool IsDayAndMonth(Cursor cursor) {
  int digits = 0;
  const int day = cursor.TakeNumber(&digits);
  if (digits < 1 || digits > 2 || day < 1 || day > 31) return false;
  if (TakeSeparator(&cursor) == 0 || !IsMonth(cursor.TakeWord())) return false;
  cursor.Take('.');
  if (cursor.done()) return true;
  if (TakeSeparator(&cursor) == 0) return false;
  cursor.TakeNumber(&digits);
  return (digits == 2 || digits == 4) && cursor.done();
}

// `Mar-01`, `March/1`. With a space, as in `Set 2` and `Mar 1`, it is rather a name.
bool IsMonthAndNumber(Cursor cursor) {
  if (!IsMonth(cursor.TakeWord())) return false;
  if (!cursor.Take('-') && !cursor.Take('/') && !cursor.Take('.')) return false;
  int digits = 0;
  cursor.TakeNumber(&digits);
  return (digits == 1 || digits == 2 || digits == 4) && cursor.done();
}

// `00:00:00` and the like behind a date.
bool TakeMidnight(Cursor* cursor) {
  if (cursor->done()) return true;
  if (!cursor->Take(' ') && !cursor->Take('T')) return false;
  return (cursor->Take("00:00:00") || cursor->Take("0:00:00") || cursor->Take("00:00") ||
          cursor->Take("0:00")) &&
         cursor->done();
}

// `2024-03-01`, `01.03.2024`, `3/1/2024`.
bool IsDateOfNumbers(Cursor cursor) {
  int digits[3] = {};
  int numbers[3] = {};
  numbers[0] = cursor.TakeNumber(&digits[0]);
  const char mark = TakeSeparator(&cursor);
  if (mark == 0 || mark == ' ') return false;
  numbers[1] = cursor.TakeNumber(&digits[1]);
  if (!cursor.Take(mark)) return false;
  numbers[2] = cursor.TakeNumber(&digits[2]);
  const bool year_first = digits[0] == 4;
  const bool is_date = year_first ? digits[2] == 1 || digits[2] == 2
                                  : digits[2] == 4 && (digits[0] == 1 || digits[0] == 2);
  if (!is_date || digits[1] < 1 || digits[1] > 2) return false;
  const int year = numbers[year_first ? 0 : 2];
  const int one = numbers[1];
  const int other = numbers[year_first ? 2 : 0];
  const auto is_month = [](int number) { return number >= 1 && number <= 12; };
  const auto is_day = [](int number) { return number >= 1 && number <= 31; };
  const bool exists =
      (is_month(one) && is_day(other)) || (!year_first && is_day(one) && is_month(other));
  return exists && year >= 1900 && year <= 2100 && TakeMidnight(&cursor);
}

}  // namespace

bool LooksLikeSpreadsheetDate(std::string_view code) {
  if (code.size() < 4 || code.size() > 24) return false;
  const Cursor cursor(code);
  if (cursor.at_letter()) return IsMonthAndNumber(cursor);
  return cursor.at_digit() && (IsDayAndMonth(cursor) || IsDateOfNumbers(cursor));
}

char MarkOfThreeNumbers(std::string_view code) {
  Cursor cursor(code);
  if (!cursor.at_digit()) return 0;
  cursor.TakeDigits();
  const char mark = cursor.next();
  if (mark != '-' && mark != '/' && mark != '.') return 0;
  for (int i = 0; i < 2; ++i) {
    if (!cursor.Take(mark) || !cursor.at_digit()) return 0;
    cursor.TakeDigits();
  }
  return cursor.next() == mark ? 0 : mark;
}

bool MayBecomeDate(std::string_view code) {
  Cursor cursor(code);
  int digits = 0;
  int most_digits = 0;
  int parts = 0;
  char mark = 0;
  while (cursor.at_digit()) {
    cursor.TakeNumber(&digits);
    ++parts;
    most_digits = std::max(most_digits, digits);
    if (parts > 3) return false;
    if (cursor.done()) break;
    const char next = cursor.next();
    if ((next != '-' && next != '/' && next != '.') || (mark != 0 && next != mark)) return false;
    mark = next;
    cursor.Take(next);
  }
  // 12.50 is a number.
  const bool is_number = mark == '.' && parts == 2;
  // Three numbers with a year, as 2024-03-45, may be a way of numbering.
  return cursor.done() && parts >= 2 && most_digits <= (parts == 2 ? 4 : 2) && !is_number &&
         !LooksLikeSpreadsheetDate(code);
}

}  // namespace clustr::ctl
