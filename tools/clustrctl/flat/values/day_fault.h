#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAY_FAULT_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAY_FAULT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "tools/clustrctl/flat/values/day_text.h"

// What is wrong with dates, with the remedy, as clauses that follow the quoted date. Pure
// functions, thread-safe, O(length).
namespace clustr::ctl {

// The years of days that are read. Others are taken for slips.
inline constexpr int kFirstYear = 1970;
inline constexpr int kLastYear = 2100;

// Why SplitDay refused `text`: what is missing, or what the text is instead. `parts` is what
// SplitDay left.
std::string WhyNoDate(std::string_view text, const DayText& parts);

// Why `day`, since 1970-01-01, is not in one of the years that are read; empty if it is.
std::string WhyNoShopDay(int32_t day);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAY_FAULT_H_
