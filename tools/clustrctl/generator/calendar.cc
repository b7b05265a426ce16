#include "tools/clustrctl/generator/calendar.h"

#include <array>
#include <chrono>
#include <utility>

#include "absl/strings/str_format.h"

namespace clustr::generator {
namespace {

constexpr std::array<double, 7> kWeekday = {1.1, 0.85, 0.85, 0.9, 1.0, 1.2, 1.5};  // Sunday first.
constexpr std::array<double, 12> kMonth = {0.85, 0.8, 0.9, 0.95, 1.0,  1.0,
                                           0.95, 0.9, 1.0, 1.05, 1.25, 1.6};

}  // namespace

std::vector<TradingDay> MakeCalendar(int64_t days, int64_t baskets, Random& random) {
  using std::chrono::sys_days;
  const sys_days first = std::chrono::year(2024) / 1 / 1;
  std::vector<TradingDay> calendar;
  std::vector<double> weight_up_to;
  double total = 0;
  for (int64_t i = 0; i < days; ++i) {
    const sys_days date = first + std::chrono::days(i);
    const std::chrono::year_month_day ymd(date);
    const int year = static_cast<int>(ymd.year());
    const unsigned month = static_cast<unsigned>(ymd.month());
    const unsigned day = static_cast<unsigned>(ymd.day());
    TradingDay trading_day;
    trading_day.timeframe.set_time_id(i + 1);
    trading_day.timeframe.set_date(absl::StrFormat("%04d-%02d-%02d", year, month, day));
    trading_day.timeframe.set_day(day);
    trading_day.timeframe.set_month(month);
    trading_day.timeframe.set_year(year);
    calendar.push_back(std::move(trading_day));
    const double noise = random.Between(90, 110) / 100.0;
    total += kWeekday[std::chrono::weekday(date).c_encoding()] * kMonth[month - 1] * noise;
    weight_up_to.push_back(total);
  }
  int64_t given = 0;
  for (size_t i = 0; i < calendar.size(); ++i) {
    const bool last = i + 1 == calendar.size();
    const auto up_to =
        last ? baskets : static_cast<int64_t>(baskets * (weight_up_to[i] / total));
    calendar[i].baskets = up_to - given;
    given = up_to;
  }
  return calendar;
}

}  // namespace clustr::generator
