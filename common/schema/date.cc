#include "common/schema/date.h"

#include <chrono>

#include "absl/strings/str_format.h"

namespace clustr::schema {
namespace {

std::optional<int32_t> Digits(absl::string_view text) {
  int32_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::chrono::year_month_day Calendar(const Date& date) {
  return std::chrono::year(date.year) / date.month / date.day;
}

}  // namespace

std::optional<Date> ParseDate(absl::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = Digits(text.substr(0, 4));
  const auto month = Digits(text.substr(5, 2));
  const auto day = Digits(text.substr(8, 2));
  if (!year || !month || !day || *year == 0) return std::nullopt;
  const Date date{*year, *month, *day};
  if (!Calendar(date).ok()) return std::nullopt;
  return date;
}

int32_t EpochDay(const Date& date) {
  return std::chrono::sys_days(Calendar(date)).time_since_epoch().count();
}

int32_t EpochDayOf(absl::string_view text) { return EpochDay(*ParseDate(text)); }

std::string DateText(int32_t epoch_day) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(epoch_day))};
  return absl::StrFormat("%04d-%02d-%02d", static_cast<int>(date.year()),
                         static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

}  // namespace clustr::schema
