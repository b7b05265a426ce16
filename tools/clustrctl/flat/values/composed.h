#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_COMPOSED_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_COMPOSED_H_

#include <string>
#include <string_view>

namespace clustr::ctl {

// `text` with each letter and the accent behind it as one character, as in Unicode's form NFC: Macs
// write `é` as `e` and an accent, all others as one. Latin, Greek and Cyrillic letters, kana and
// Hangul are composed. `text` must be UTF-8. Pure function, thread-safe, O(length).
std::string Composed(std::string_view text);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_COMPOSED_H_
