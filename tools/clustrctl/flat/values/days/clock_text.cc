#include "tools/clustrctl/flat/values/days/clock_text.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "tools/clustrctl/flat/values/days/folded_word.h"
#include "tools/clustrctl/flat/values/days/zone_names.h"

namespace clustr::ctl {
namespace {

// Halves of the day in English, Greek, Malay, Vietnamese, Turkish, Hungarian, Swedish, Afrikaans,
// Finnish, Persian, Arabic, Chinese, Japanese and Korean, without dots and spaces.
constexpr std::string_view kAm = " a am πμ pg sa oo de fm vm ap قظ ص 上午 午前 오전 ";
constexpr std::string_view kPm = " p pm μμ ptg ch os du em nm ip بظ م 下午 午後 오후 ";
// Words that say nothing but that a time is meant.
constexpr std::string_view kHours = " uhr h hs hrs hours uur godz ч ";

// Takes the minutes and seconds behind an hour and `mark`.
bool TakeMinutes(char mark, Cursor* cursor, int* minute, int* second) {
  *minute = cursor->TakeBounded(2, 2, 59);
  if (*minute < 0) return false;
  if (!cursor->Take(mark)) return true;
  *second = cursor->TakeBounded(2, 2, 60);
  if (cursor->Take('.') || cursor->Take(',')) cursor->TakeDigits();
  return *second >= 0;
}

bool TakeHourSign(Cursor* cursor) {
  // Dutch clocks say 13u30.
  Cursor behind = *cursor;
  if (behind.Take('u') && behind.at_digit()) {
    *cursor = behind;
    return true;
  }
  return cursor->Take('h') || cursor->Take('H') || cursor->Take("時") || cursor->Take("时") ||
         cursor->Take("点") || cursor->Take("시");
}

// Takes `13h30`, `13h` or `13時30分` behind the hour.
bool TakeSignedMinutes(Cursor* cursor, int* minute) {
  Cursor behind = *cursor;
  behind.TakeSpaces();
  if (!behind.at_digit()) return true;
  *cursor = behind;
  *minute = cursor->TakeBounded(2, 2, 59);
  if (!cursor->Take("分")) cursor->Take("분");
  return *minute >= 0;
}

// Takes letters and what the names of zones have besides: America/Port-au-Prince, Etc/GMT+5.
std::string_view TakeZoneName(Cursor* cursor) {
  const std::string_view from = cursor->rest();
  bool has_slash = false;
  while (cursor->at_letter() || cursor->Take('_') || (has_slash && cursor->at_digit()) ||
         (has_slash && (cursor->next() == '-' || cursor->next() == '+')) || cursor->next() == '/') {
    has_slash = has_slash || cursor->next() == '/';
    if (cursor->TakeWord().empty()) cursor->Take(cursor->next());
  }
  return from.substr(0, from.size() - cursor->rest().size());
}

// Takes a zone in brackets: [Europe/Berlin], (CEST). JavaScript repeats the zone behind its offset
// in the words of any language, which say nothing new.
bool TakeBracket(char end, Cursor* cursor, ClockText* clock) {
  if (!clock->offset_minutes.has_value()) {
    return TakeZone(cursor, clock) && cursor->Take(end);
  }
  while (!cursor->done() && cursor->next() != end) cursor->Take(cursor->next());
  return cursor->Take(end);
}

bool TakeHourWord(Cursor* cursor) {
  Cursor behind = *cursor;
  const std::string_view word = behind.TakeWord();
  if (word.empty() || !IsOneOf(FoldedWord(word), kHours)) return false;
  behind.Take('.');
  *cursor = behind;
  return true;
}

// Takes the words and offsets behind a time.
bool TakeTail(bool has_minutes, std::optional<bool> is_pm, int* hour, Cursor* cursor,
              ClockText* clock) {
  while (!cursor->done()) {
    cursor->TakeSpaces();
    bool pm = false;
    if (cursor->rest() == "Z" || cursor->rest() == "UTC") {  // Nearly all that come.
      if (!clock->offset_minutes.has_value()) clock->offset_minutes = 0;
      clock->zone = {};
      cursor->TakeWord();
      break;
    }
    if (!is_pm.has_value() && cursor->at_letter() && TakeHalfDay(cursor, &pm)) {
      is_pm = pm;
    } else if (cursor->at_letter()) {
      if (TakeHourWord(cursor)) {
        has_minutes = true;
      } else if (!TakeZone(cursor, clock)) {
        return false;
      }
    } else if (cursor->next() == '+' || cursor->next() == '-') {
      if (!TakeOffset(cursor, /*may_be_short=*/false, &clock->offset_minutes)) return false;
      clock->zone = {};
    } else if (cursor->Take('(')) {
      if (!TakeBracket(')', cursor, clock)) return false;
    } else if (cursor->Take('[')) {
      if (!TakeBracket(']', cursor, clock)) return false;
    } else {
      break;
    }
  }
  if (is_pm.has_value() && !ApplyHalfDay(*is_pm, hour)) return false;
  return has_minutes || is_pm.has_value();
}

}  // namespace

bool TakeZone(Cursor* cursor, ClockText* clock) {
  const std::string_view word = TakeZoneName(cursor);
  if (word.empty()) return false;
  const auto offset = ZoneOffset(word);
  const bool may_have_offset = offset == 0 && (cursor->next() == '+' || cursor->next() == '-');
  if (may_have_offset) return TakeOffset(cursor, /*may_be_short=*/true, &clock->offset_minutes);
  if (clock->offset_minutes.has_value()) return true;
  if (offset.has_value()) {
    clock->offset_minutes = offset;
    clock->zone = {};
  } else if (IsOpenZone(word)) {
    clock->zone = word;
  } else {
    clock->unknown_word = word;
    return false;
  }
  return true;
}

bool TakeHalfDay(Cursor* cursor, bool* is_pm) {
  const std::string_view rest = cursor->rest();
  if (rest == "AM" || rest == "PM" || rest == "am" || rest == "pm") {  // Nearly all that come.
    *is_pm = rest[0] == 'P' || rest[0] == 'p';
    cursor->TakeWord();
    return true;
  }
  Cursor behind = *cursor;
  std::string word;
  for (int part = 0; part < 2 && behind.at_letter(); ++part) {
    const std::string letters = FoldedWord(behind.TakeWord());
    absl::StrAppend(&word, letters);
    if (!behind.Take('.')) break;
    // Only `p. m.` goes on behind a space, not `pm. CET`.
    Cursor next = behind;
    const bool is_one_letter =
        letters.size() == 1 || (letters.size() == 2 && (letters[0] & 0x80) != 0);
    if (part == 1 || (next.TakeSpaces() && !is_one_letter)) break;
    if (next.at_letter()) behind = next;
  }
  if (word.empty() || (!IsOneOf(word, kAm) && !IsOneOf(word, kPm))) return false;
  *is_pm = IsOneOf(word, kPm);
  *cursor = behind;
  return true;
}

bool ApplyHalfDay(bool is_pm, int* hour) {
  if (*hour > 12) return is_pm && *hour < 24;
  if (*hour == 0) return !is_pm;
  *hour = *hour % 12 + (is_pm ? 12 : 0);
  return true;
}

bool TakeOffset(Cursor* cursor, bool may_be_short, std::optional<int>* offset) {
  const int sign = cursor->Take('-') ? -1 : 1;
  if (sign > 0) cursor->Take('+');
  int digits = 0;
  int value = cursor->TakeNumber(&digits);
  if (digits == 1 || digits == 2) {
    value *= 100;
    if (cursor->Take(':')) {
      const int minutes = cursor->TakeBounded(2, 2, 59);
      if (minutes < 0) return false;
      value += minutes;
    } else if (digits == 1 && !may_be_short) {
      return false;
    }
  } else if (digits != 4) {
    return false;
  }
  *offset = sign * (value / 100 * 60 + value % 100);
  return value % 100 < 60 && value <= 1500;
}

bool TakeClock(Cursor* cursor, ClockText* clock) {
  std::optional<bool> is_pm;
  bool pm = false;
  if (cursor->at_letter() && TakeHalfDay(cursor, &pm)) is_pm = pm;
  cursor->TakeSpaces();
  int digits = 0;
  int hour = cursor->TakeNumber(&digits);
  int minute = 0;
  int second = 0;
  bool has_minutes = digits == 2;  // `13` is 13:00, and `8` may be anything.
  if (digits == 4 || digits == 6) {
    second = digits == 6 ? hour % 100 : 0;
    if (digits == 6) hour /= 100;
    minute = hour % 100;
    hour /= 100;
    has_minutes = true;
    if (digits == 6 && (cursor->Take('.') || cursor->Take(','))) cursor->TakeDigits();
  } else if (digits != 1 && digits != 2) {
    return false;
  } else if (cursor->next() == ':' || cursor->next() == '.') {
    const char mark = cursor->next();
    cursor->Take(mark);
    if (!TakeMinutes(mark, cursor, &minute, &second)) return false;
    has_minutes = true;
  } else if (TakeHourSign(cursor)) {
    if (!TakeSignedMinutes(cursor, &minute)) return false;
    has_minutes = true;
  }
  if (minute > 59 || second > 60 || hour > 24) return false;
  if (!TakeTail(has_minutes, is_pm, &hour, cursor, clock)) return false;
  if (hour == 24 && (minute > 0 || second > 0)) return false;
  clock->minute_of_day = hour * 60 + minute;
  return true;
}

}  // namespace clustr::ctl
