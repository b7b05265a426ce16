#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_WORDS_HEADER_LANGUAGE_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_WORDS_HEADER_LANGUAGE_H_

#include <string>

#include "absl/types/span.h"

namespace clustr::ctl {

// Whether the names of columns are in a language whose writers begin dates with dots with the day,
// as German, French, Polish and Turkish do, but not English, Hungarian, Swedish or Korean: two of
// the names have a word that only these languages have. Pure, O(length).
bool WritesDayFirst(absl::Span<const std::string> header);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_WORDS_HEADER_LANGUAGE_H_
