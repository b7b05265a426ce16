#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAYS_FOLDED_WORD_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAYS_FOLDED_WORD_H_

#include <string>
#include <string_view>

namespace clustr::ctl {

// `word` in lower case and without accents, so that it can be compared: `Août` becomes `aout`, and
// `Июля` becomes `июля`. Knows Latin, Greek and Cyrillic letters; others stay. `word` need not be
// UTF-8. Pure and thread-safe, O(length).
std::string FoldedWord(std::string_view word);

// True if `word`, which must be folded and not empty, is one of `words`, each of which has a space
// on both sides.
bool IsOneOf(std::string_view word, std::string_view words);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAYS_FOLDED_WORD_H_
