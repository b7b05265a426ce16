#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_KINDS_GUEST_WORDS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_KINDS_GUEST_WORDS_H_

#include <string_view>

#include "tools/clustrctl/flat/columns/columns.h"

namespace clustr::ctl {

// Whether a customer's code or name is exactly what tills and shops call customers whom they do not
// know, in the common languages: `Walk-in customer`, `Laufkundschaft`, `client de passage`. Case,
// accents and punctuation do not count. Thread-safe, O(length).
bool NamesTheGuest(std::string_view text);

// The first column without a role that holds the names of customers; -1 if there is none.
int CustomerNameColumn(const FlatColumns& columns);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_KINDS_GUEST_WORDS_H_
