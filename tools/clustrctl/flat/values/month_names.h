#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_MONTH_NAMES_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_MONTH_NAMES_H_

#include <string_view>

namespace clustr::ctl {

// The month, 1 to 12, with this name or abbreviation of at least three letters, in English, German,
// French, Spanish, Italian, Dutch or Portuguese, whatever its case and with or without its accents;
// 0 if it is none. Pure and thread-safe.
int MonthNamed(std::string_view name);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_MONTH_NAMES_H_
