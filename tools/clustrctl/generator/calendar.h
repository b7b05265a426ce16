#ifndef CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_CALENDAR_H_
#define CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_CALENDAR_H_

#include <cstdint>
#include <vector>

#include "clustr/catalog/v1/timeframe.pb.h"
#include "tools/clustrctl/generator/random.h"

namespace clustr::generator {

// A day on which the shop is open.
struct TradingDay {
  catalog::v1::Timeframe timeframe;  // time_id counts from 1.
  int64_t baskets = 0;
};

// Makes `days` days from 2024-01-01 on, with `baskets` in total: busy weekends, a slow late winter,
// a busy December, and noise.
std::vector<TradingDay> MakeCalendar(int64_t days, int64_t baskets, Random& random);

}  // namespace clustr::generator

#endif  // CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_CALENDAR_H_
