#ifndef CLUSTR_COMMON_SCHEMA_DATE_H_
#define CLUSTR_COMMON_SCHEMA_DATE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

// Gregorian dates, written YYYY-MM-DD, of the years 0001 to 9999. Pure functions, thread-safe.
namespace clustr::schema {

struct Date {
  int32_t year;
  int32_t month;  // 1 to 12.
  int32_t day;    // 1 to 31.
};

// The date that `text` names; unset unless `text` is exactly YYYY-MM-DD and the date exists.
std::optional<Date> ParseDate(absl::string_view text);

// Number of days from 1970-01-01 to `date`, which must exist; negative for earlier dates.
int32_t EpochDay(const Date& date);

// EpochDay of the date that `text` names; ParseDate must accept `text`.
int32_t EpochDayOf(absl::string_view text);

// The date that EpochDay maps to `epoch_day`, as YYYY-MM-DD.
std::string DateText(int32_t epoch_day);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_DATE_H_
