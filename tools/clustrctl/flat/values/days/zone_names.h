#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAYS_ZONE_NAMES_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAYS_ZONE_NAMES_H_

#include <optional>
#include <string_view>

// Names of time zones behind a time. Pure functions, thread-safe.
namespace clustr::ctl {

// Minutes east of UTC of a zone that has one meaning among shops, such as PDT, CET or Z, whatever
// its case; unset for all others.
std::optional<int> ZoneOffset(std::string_view name);

// True for an abbreviation that several zones have, such as CST (Chicago, Shanghai, Havana), and
// for names in the form of Europe/Berlin, whose offset depends on the day.
bool IsOpenZone(std::string_view name);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAYS_ZONE_NAMES_H_
