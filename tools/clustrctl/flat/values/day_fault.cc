#include "tools/clustrctl/flat/values/day_fault.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/base/errors.h"
#include "common/schema/date.h"

namespace clustr::ctl {
namespace {

constexpr char kShape[] =
    "is not a date; give for example 2010-12-31 or 2010-12-31 08:26, or describe the dates with "
    "--date-format";
// Years of the Buddhist calendar are later by as many.
constexpr int kBuddhistYears = 543;

bool IsDate(const std::string& text) {
  DayText parts;
  return SplitDay(text, &parts);
}

// The day and time in UTC if `text` is a number of seconds or milliseconds since 1970 that a shop
// could have written since 2001; empty if it is not.
std::string TimeOfSeconds(std::string_view text) {
  const bool digits = std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
  int64_t seconds = 0;
  if (!digits || (text.size() != 10 && text.size() != 13)) return "";
  if (!absl::SimpleAtoi(absl::string_view(text.data(), 10), &seconds)) return "";
  return absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixSeconds(seconds), absl::UTCTimeZone());
}

}  // namespace

std::string WhyNoDate(std::string_view text, const DayText& parts) {
  const std::string_view word = parts.clock.unknown_word;
  if (!word.empty()) {
    return absl::StrCat("has ", Quoted(absl::string_view(word.data(), word.size())),
                        " behind the time, which is neither a half of the day nor a known time "
                        "zone; give an offset such as +02:00 instead, or leave it out");
  }
  if (parts.has_second_date) return "holds two dates; give the day of the purchase alone";
  const std::string time = TimeOfSeconds(text);
  if (!time.empty()) {
    return absl::StrCat("is not a date; if it counts ",
                        text.size() == 10 ? "seconds" : "milliseconds", " since 1970, give ", time);
  }
  const std::string given(text);
  for (const char* year : {"-2024", "/2024", ".2024", " 2024"}) {
    if (IsDate(given + year)) return "has no year; give for example 2010-12-31";
  }
  for (const char* day : {"1 ", "1/", "1."}) {
    if (IsDate(day + given)) return "has no day; give for example 2010-12-31";
  }
  for (const char* day : {"-1", "/1", ".1"}) {
    if (IsDate(given + day)) return "has no day; give for example 2010-12-31";
  }
  return kShape;
}

std::string WhyNoShopDay(int32_t day) {
  static const int32_t first = schema::EpochDay({kFirstYear, 1, 1});
  static const int32_t last = schema::EpochDay({kLastYear, 12, 31});
  if (day >= first && day <= last) return "";
  const auto year = (absl::CivilDay() + day).year();
  const bool may_be_buddhist =
      year >= kFirstYear + kBuddhistYears && year <= kLastYear + kBuddhistYears;
  return absl::StrCat("is in the year ", year, "; give a day from ", kFirstYear, " to ", kLastYear,
                      may_be_buddhist
                          ? absl::StrCat(" (the year ", year, " of the Buddhist calendar is ",
                                         year - kBuddhistYears, ")")
                          : "");
}

}  // namespace clustr::ctl
