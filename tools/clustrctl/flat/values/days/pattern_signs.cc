#include "tools/clustrctl/flat/values/days/pattern_signs.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"

namespace clustr::ctl {
namespace {

// Signs that are kept as they are.
constexpr std::string_view kSigns = "YymbdaHIMSfpzZ";
// What may stand between the percent sign and the letter.
constexpr std::string_view kVariants = "-_0E*O:";

// The signs for `sign` of strftime; empty for one that has no meaning here.
std::string PlainSigns(char sign) {
  switch (sign) {
    case 'F':
      return "%Y-%m-%d";
    case 'D':
      return "%m/%d/%y";
    case 'T':
      return "%H:%M:%S";
    case 'R':
      return "%H:%M";
    case 'B':
    case 'h':
      return "%b";
    case 'A':
      return "%a";
    case 'e':
      return "%d";
    case 'k':
      return "%H";
    case 'l':
      return "%I";
    case 'n':
    case 't':
      return " ";
    case '%':
      return "%%";
    default:
      return kSigns.find(sign) == std::string_view::npos ? "" : std::string{'%', sign};
  }
}

// What the letters of a pattern so far have named.
struct Named {
  bool month = false;
  bool hour = false;
  bool seconds = false;
};

// The sign for a run of `count` equal letters; empty for letters that stand for nothing.
std::string SignOf(char letter, size_t count, bool has_capital_m, const Named& named) {
  switch (letter) {
    case 'Y':
    case 'y':
      return count > 2 ? "%Y" : "%y";
    case 'M':  // Many write minutes so, too: YYYY-MM-DD HH:MM:SS.
      if (named.month && named.hour) return "%M";
      return count > 2 ? "%b" : "%m";
    case 'D':
    case 'd':
    case 'E':
      return count > 2 ? "%a" : "%d";
    case 'H':
      return "%H";
    case 'h':
      return "%I";
    case 'm':  // Minutes, unless the pattern has no other letter for the month.
      return named.hour || has_capital_m ? "%M" : "%m";
    case 's':
    case 'S':
      return named.seconds ? "%f" : "%S";
    case 'a':
    case 'A':
      return "%p";
    case 'Z':
    case 'X':
      return "%z";
    case 'z':
      return "%Z";
    default:
      return "";
  }
}

// Turns letters as in DD.MM.YYYY into signs; texts in single quotes stay as they are.
std::string SignsOf(std::string_view letters) {
  const bool has_capital_m = letters.find('M') != std::string_view::npos;
  std::string signs;
  Named named;
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
      sign = SignOf(c, count, has_capital_m, named);
    }
    named.month = named.month || sign == "%m" || sign == "%b";
    named.hour = named.hour || sign == "%H" || sign == "%I";
    named.seconds = named.seconds || sign == "%S";
    absl::StrAppend(&signs, sign.empty() ? std::string(letters.substr(i, count)) : sign);
    i += count;
  }
  return signs;
}

// Writes the signs that stand for several out; INVALID_ARGUMENT for one that has no meaning here.
absl::StatusOr<std::string> WrittenOut(const std::string& signs) {
  std::string plain;
  for (size_t i = 0; i < signs.size(); ++i) {
    if (signs[i] != '%') {
      plain.push_back(signs[i]);
      continue;
    }
    // %-d, %Ez, %E*S and %E3S are variants of the signs.
    size_t end = i + 1;
    while (end < signs.size() &&
           (kVariants.find(signs[end]) != std::string_view::npos ||
            (signs[i + 1] == 'E' && absl::ascii_isdigit(static_cast<unsigned char>(signs[end]))))) {
      ++end;
    }
    const std::string sign = end < signs.size() ? PlainSigns(signs[end]) : "";
    if (sign.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(Quoted(signs.substr(i, end + 1 - i)),
                       " has no meaning in a pattern of dates; give a pattern such as DD.MM.YYYY, "
                       "\"YYYY-MM-DD HH:mm\" or %d.%m.%Y"));
    }
    absl::StrAppend(&plain, sign);
    i = end;
  }
  return plain;
}

}  // namespace

absl::StatusOr<std::string> PatternSigns(std::string_view pattern) {
  const bool has_signs = pattern.find('%') != std::string_view::npos;
  return WrittenOut(has_signs ? std::string(pattern) : SignsOf(pattern));
}

}  // namespace clustr::ctl
