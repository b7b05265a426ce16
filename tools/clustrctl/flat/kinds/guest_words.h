#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_KINDS_GUEST_WORDS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_KINDS_GUEST_WORDS_H_

#include <string_view>

#include "tools/clustrctl/flat/columns/columns.h"

namespace clustr::ctl {

// Whether a customer's name is exactly what tills and shops call customers whom they do not
// know, in the common languages: `Walk-in customer`, `Laufkundschaft`, `client de passage`. Case,
// accents and punctuation do not count. Thread-safe, O(length).
bool NamesTheGuest(std::string_view text);

// Whether a customer's code is such a name, and neither an e-mail address nor a word that is also a
// surname or the name of a company, as `Cash` and `Passant`. Thread-safe, O(length).
bool IsCodeOfGuest(std::string_view code);

// The first column without a role that holds the names of customers; -1 if there is none.
int CustomerNameColumn(const FlatColumns& columns);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_KINDS_GUEST_WORDS_H_
