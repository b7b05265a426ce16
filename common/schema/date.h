#ifndef CLUSTR_COMMON_SCHEMA_DATE_H_
#define CLUSTR_COMMON_SCHEMA_DATE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

// Gregorian dates written YYYY-MM-DD, years 0001 to 9999. Pure functions.
namespace clustr::schema {

struct Date {
  int32_t year;
  int32_t month;  // 1 to 12.
  int32_t day;    // 1 to 31.
};

// The date that `text` names; unset unless it is exactly YYYY-MM-DD and exists.
std::optional<Date> ParseDate(absl::string_view text);

// Days from 1970-01-01 to `date`, negative before it.
int32_t EpochDay(const Date& date);

// EpochDay(ParseDate(text)); `text` must be a date that exists.
int32_t EpochDayOf(absl::string_view text);

// YYYY-MM-DD of a day within years 0001 to 9999.
std::string DateText(int32_t epoch_day);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_DATE_H_
