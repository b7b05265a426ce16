#include "tools/clustrctl/flat/values/day_text.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "common/schema/date.h"
#include "tools/clustrctl/flat/values/month_names.h"

namespace clustr::ctl {
namespace {

// Days from 1899-12-30, day 0 of spreadsheets, to 1970-01-01.
constexpr int32_t kSerialOfEpoch = 25569;
// Serials from 1954 to 2119. Smaller numbers are too likely something else.
constexpr int kMinSerial = 20000;
constexpr int kMaxSerial = 80000;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) {
  return absl::ascii_isalpha(static_cast<unsigned char>(c)) ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Reads a text from left to right.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  char next() const { return rest_.empty() ? '\0' : rest_.front(); }

  bool Take(char c) {
    if (next() != c || rest_.empty()) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool TakeSpaces() {
    bool any = false;
    while (Take(' ')) any = true;
    return any;
  }

  // Takes up to eight digits that come next and returns their value. Sets `digits` to their number.
  int TakeNumber(int* digits) {
    int number = 0;
    *digits = 0;
    while (*digits < 8 && IsDigit(next())) {
      number = 10 * number + (next() - '0');
      rest_.remove_prefix(1);
      ++*digits;
    }
    return number;
  }

  // Takes a number of `min_digits` to `max_digits` digits that is at most `max`; -1 if none comes.
  int TakeBounded(int min_digits, int max_digits, int max) {
    int digits = 0;
    const int number = TakeNumber(&digits);
    return digits >= min_digits && digits <= max_digits && number <= max ? number : -1;
  }

  std::string_view TakeWord() {
    size_t length = 0;
    while (length < rest_.size() && IsLetter(rest_[length])) ++length;
    const std::string_view word = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return word;
  }

 private:
  std::string_view rest_;
};

bool SameWord(std::string_view word, const char* other) {
  return absl::EqualsIgnoreCase(absl::string_view(word.data(), word.size()), other);
}

// Takes `AM`, `pm`, `p.m.` and the like and corrects `hour`; false if the hour does not fit.
bool TakeHalfDay(std::string_view word, Cursor* cursor, int* hour) {
  const bool pm = word == "p" || word == "P" || SameWord(word, "pm");
  if (word.size() == 1) {
    cursor->Take('.');
    if (!SameWord(cursor->TakeWord(), "m")) return false;
    cursor->Take('.');
  }
  if (*hour < 1 || *hour > 12) return false;
  *hour = *hour % 12 + (pm ? 12 : 0);
  return true;
}

// Takes an offset such as +0100, -05:00 or +00.
bool TakeOffset(Cursor* cursor, std::optional<int>* offset) {
  const int sign = cursor->Take('-') ? -1 : 1;
  if (sign > 0) cursor->Take('+');
  int digits = 0;
  int value = cursor->TakeNumber(&digits);
  if (digits == 2) {
    value *= 100;
    if (cursor->Take(':')) {
      const int minutes = cursor->TakeBounded(2, 2, 59);
      if (minutes < 0) return false;
      value += minutes;
    }
  } else if (digits != 4) {
    return false;
  }
  *offset = sign * (value / 100 * 60 + value % 100);
  return value % 100 < 60 && value <= 1500;
}

// Takes the time of day, with all that may follow it; false if anything else comes.
bool TakeTime(Cursor* cursor, DayText* parts) {
  int hour = cursor->TakeBounded(1, 2, 24);
  if (hour < 0 || !cursor->Take(':')) return false;
  const int minute = cursor->TakeBounded(2, 2, 59);
  if (minute < 0) return false;
  if (cursor->Take(':')) {
    if (cursor->TakeBounded(2, 2, 60) < 0) return false;
    if (cursor->Take('.') || cursor->Take(',')) {
      int digits = 0;
      do cursor->TakeNumber(&digits);
      while (digits > 0);
    }
  }
  cursor->TakeSpaces();
  if (IsLetter(cursor->next())) {
    std::string_view word = cursor->TakeWord();
    const bool half = word == "a" || word == "p" || word == "A" || word == "P" ||
                      SameWord(word, "am") || SameWord(word, "pm");
    if (half) {
      if (!TakeHalfDay(word, cursor, &hour)) return false;
      cursor->TakeSpaces();
      word = cursor->TakeWord();
    }
    if (SameWord(word, "Z") || SameWord(word, "UTC") || SameWord(word, "GMT")) {
      parts->offset_minutes = 0;
    } else if (word.size() > 5) {
      return false;  // Shorter words are names of time zones, in which the time is meant.
    }
  }
  if (hour == 24 && minute > 0) return false;
  if (cursor->next() == '+' || cursor->next() == '-') {
    if (!TakeOffset(cursor, &parts->offset_minutes)) return false;
  }
  cursor->TakeSpaces();
  if (cursor->Take('(')) {  // JavaScript repeats the zone: (Central European Summer Time)
    while (!cursor->done() && cursor->next() != ')') {
      if (!cursor->TakeSpaces() && cursor->TakeWord().empty()) return false;
    }
    if (!cursor->Take(')')) return false;
  }
  parts->minute_of_day = hour * 60 + minute;
  return cursor->done() && hour < 24;
}

// Takes what stands between a date and its time: spaces, `T`, a comma, `at`.
bool TakeRest(Cursor* cursor, DayText* parts) {
  cursor->Take(',');
  cursor->TakeSpaces();
  if (cursor->done()) return true;
  if (cursor->next() == 'T' || cursor->next() == 't') cursor->Take(cursor->next());
  if (cursor->next() == 'a') {
    if (!SameWord(cursor->TakeWord(), "at")) return false;
    cursor->TakeSpaces();
  }
  return TakeTime(cursor, parts);
}

char TakeSeparator(Cursor* cursor) {
  for (const char c : {'-', '/', '.'}) {
    if (cursor->Take(c)) return c;
  }
  return 0;
}

int DaysIn(int year, int month) {
  static constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

int LongYear(int year, int digits) { return digits > 2 ? year : year + (year < 70 ? 2000 : 1900); }

// The rest of a date after its first number, whose month is a number.
bool SplitNumbers(int first, int digits, char separator, Cursor* cursor, DayText* parts) {
  int digits2 = 0;
  int digits3 = 0;
  const int second = cursor->TakeNumber(&digits2);
  if (!cursor->Take(separator)) return false;
  if (separator == '.') cursor->TakeSpaces();
  const int third = cursor->TakeNumber(&digits3);
  if (digits2 < 1 || digits2 > 2) return false;
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
  return TakeRest(cursor, parts);
}

void TakeFiller(Cursor* cursor) {
  while (cursor->Take(' ') || cursor->Take('-') || cursor->Take('.') || cursor->Take(',') ||
         cursor->Take('/')) {
  }
}

// The rest of a date whose first number is followed by the name of a month: 14 August 2025.
bool SplitNumberAndName(int first, int digits, Cursor* cursor, DayText* parts) {
  std::string_view word = cursor->TakeWord();
  if (digits <= 2 && (SameWord(word, "st") || SameWord(word, "nd") || SameWord(word, "rd") ||
                      SameWord(word, "th"))) {
    TakeFiller(cursor);
    word = cursor->TakeWord();
  }
  if (SameWord(word, "de") || SameWord(word, "of")) {
    TakeFiller(cursor);
    word = cursor->TakeWord();
  }
  const int month = MonthNamed(word);
  TakeFiller(cursor);
  if (cursor->next() == 'd') {
    if (!SameWord(cursor->TakeWord(), "de")) return false;
    TakeFiller(cursor);
  }
  int digits2 = 0;
  const int last = cursor->TakeNumber(&digits2);
  if (month == 0) return false;
  parts->form = DayText::Form::kNamedMonth;
  if (digits == 4 && digits2 >= 1 && digits2 <= 2) {
    parts->numbers = {first, month, last};
  } else if (digits <= 2 && (digits2 == 4 || digits2 == 2)) {
    parts->numbers = {LongYear(last, digits2), month, first};
  } else {
    return false;
  }
  return TakeRest(cursor, parts);
}

// A date that begins with the name of a month, or of a day of the week: Aug 14, 2025.
bool SplitNameFirst(Cursor* cursor, DayText* parts) {
  std::string_view word = cursor->TakeWord();
  TakeFiller(cursor);
  int month = MonthNamed(word);
  if (month == 0 || IsLetter(cursor->next())) {
    if (word.size() < 2) return false;
    if (IsDigit(cursor->next())) {  // `Thu, 14 Aug 2025`
      int digits = 0;
      const int first = cursor->TakeNumber(&digits);
      TakeFiller(cursor);
      return SplitNumberAndName(first, digits, cursor, parts);
    }
    month = MonthNamed(cursor->TakeWord());
    TakeFiller(cursor);
  }
  if (month == 0) return false;
  int digits = 0;
  int year_digits = 0;
  const int day = cursor->TakeNumber(&digits);
  cursor->TakeWord();  // st, nd, rd, th
  TakeFiller(cursor);
  const int year = cursor->TakeNumber(&year_digits);
  if (digits < 1 || digits > 2 || (year_digits != 4 && year_digits != 2)) return false;
  parts->form = DayText::Form::kNamedMonth;
  parts->numbers = {LongYear(year, year_digits), month, day};
  return TakeRest(cursor, parts);
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
  if (IsLetter(cursor.next())) return SplitNameFirst(&cursor, parts);
  int digits = 0;
  const int first = cursor.TakeNumber(&digits);
  if (digits == 8) {
    parts->numbers = {first / 10000, first / 100 % 100, first % 100};
    return TakeRest(&cursor, parts);
  }
  const bool serial = digits == 5 && first >= kMinSerial && first <= kMaxSerial;
  if (serial) {
    parts->form = DayText::Form::kSerial;
    parts->numbers[0] = first;
    if (cursor.Take('.') || cursor.Take(',')) {
      int64_t fraction = 0;
      int64_t scale = 1;
      while (IsDigit(cursor.next())) {
        if (scale < 1'000'000'000) {
          fraction = 10 * fraction + (cursor.next() - '0');
          scale *= 10;
        }
        cursor.Take(cursor.next());
      }
      if (fraction > 0) parts->minute_of_day = static_cast<int>(fraction * 1440 / scale);
    }
    return cursor.done();
  }
  if (digits < 1 || (digits != 4 && digits > 2)) return false;
  const char separator = TakeSeparator(&cursor);
  const bool spaced = cursor.TakeSpaces();
  if (IsLetter(cursor.next())) return SplitNumberAndName(first, digits, &cursor, parts);
  if (separator == 0 || (spaced && separator != '.')) return false;
  return SplitNumbers(first, digits, separator, &cursor, parts);
}

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
