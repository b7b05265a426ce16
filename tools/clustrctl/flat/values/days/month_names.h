#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAYS_MONTH_NAMES_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAYS_MONTH_NAMES_H_

#include <string_view>

// Names of months and of days of the week in English, German, French, Spanish, Italian, Portuguese,
// Dutch, Danish, Norwegian, Swedish, Finnish, Polish, Czech, Slovak, Slovene, Serbian, Hungarian,
// Romanian, Greek, Turkish, Russian and Ukrainian, whatever their case and with or without their
// accents. Pure functions, thread-safe.
namespace clustr::ctl {

// The month, 1 to 12, with this name or abbreviation of at least three letters; 0 if it is none, or
// if it abbreviates several months.
int MonthNamed(std::string_view name);

// True for the name of a day of the week, or an abbreviation of at least two letters.
bool IsWeekday(std::string_view name);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAYS_MONTH_NAMES_H_
