#include "tools/clustrctl/flat/values/day_pattern.h"

#include <array>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/base/errors.h"

namespace clustr::ctl {
namespace {

bool Has(const std::string& text, const char* part) { return absl::StrContains(text, part); }

// The sign for a run of `count` equal letters; empty for letters that stand for nothing.
std::string SignOf(char letter, size_t count, bool after_hour, bool has_month_letter) {
  switch (letter) {
    case 'Y':
    case 'y':
      return count > 2 ? "%Y" : "%y";
    case 'M':
      return count > 2 ? "%b" : "%m";
    case 'D':
    case 'd':
      return count > 2 ? "%a" : "%d";
    case 'H':
      return "%H";
    case 'h':
      return "%I";
    case 'm':  // Minutes, unless the pattern has no other letter for the month.
      return after_hour || has_month_letter ? "%M" : "%m";
    case 's':
    case 'S':
      return "%S";
    case 'a':
    case 'A':
      return "%p";
    case 'Z':
    case 'X':
      return "%Ez";
    default:
      return "";
  }
}

// Turns letters as in DD.MM.YYYY into signs; texts in single quotes stay as they are.
std::string SignsOf(std::string_view letters) {
  const bool has_month_letter = letters.find('M') != std::string_view::npos;
  std::string signs;
  bool after_hour = false;
  for (size_t i = 0; i < letters.size();) {
    const char c = letters[i];
    if (c == '\'') {
      const size_t end = std::min(letters.find('\'', i + 1), letters.size());
      absl::StrAppend(&signs, std::string(letters.substr(i + 1, end - i - 1)));
      i = end + 1;
      continue;
    }
    size_t count = 1;
    while (i + count < letters.size() && letters[i + count] == c) ++count;
    std::string sign;
    if (absl::ascii_isalpha(static_cast<unsigned char>(c))) {
      sign = SignOf(c, count, after_hour, has_month_letter);
    }
    after_hour = after_hour || c == 'H' || c == 'h';
    absl::StrAppend(&signs, sign.empty() ? std::string(letters.substr(i, count)) : sign);
    i += count;
  }
  return signs;
}

}  // namespace

absl::StatusOr<DayPattern> DayPattern::Parse(std::string_view text) {
  DayPattern pattern;
  pattern.text_ = std::string(text);
  pattern.signs_ = Has(pattern.text_, "%") ? pattern.text_ : SignsOf(text);
  const std::string& signs = pattern.signs_;
  const bool year = Has(signs, "%Y") || Has(signs, "%y") || Has(signs, "%F") || Has(signs, "%D");
  const bool month = Has(signs, "%m") || Has(signs, "%b") || Has(signs, "%B") || Has(signs, "%h") ||
                     Has(signs, "%F") || Has(signs, "%D");
  const bool day = Has(signs, "%d") || Has(signs, "%e") || Has(signs, "%F") || Has(signs, "%D");
  if (!year || !month || !day) {
    return absl::InvalidArgumentError(absl::StrCat(
        Quoted(pattern.text_),
        " does not name year, month and day; give ymd, mdy or dmy, or a pattern such as "
        "DD.MM.YYYY, \"YYYY-MM-DD HH:mm\" or %d.%m.%Y"));
  }
  pattern.has_time_ = Has(signs, "%H") || Has(signs, "%I") || Has(signs, "%T") || Has(signs, "%R");
  return pattern;
}

bool DayPattern::Read(std::string_view text, absl::CivilMinute* time) const {
  absl::Time instant;
  std::string error;
  if (!absl::ParseTime(signs_, absl::string_view(text.data(), text.size()), absl::UTCTimeZone(),
                       &instant, &error)) {
    return false;
  }
  *time = absl::ToCivilMinute(instant, absl::UTCTimeZone());
  return true;
}

}  // namespace clustr::ctl
