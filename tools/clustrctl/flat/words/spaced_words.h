#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_WORDS_SPACED_WORDS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_WORDS_SPACED_WORDS_H_

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

// Looks for words and phrases in the names and values of columns. Pure functions.
namespace clustr::ctl {

// The words of a text, each between two spaces: ` credit note `. What is neither an ASCII letter or
// digit nor part of a character beyond ASCII separates words. Case is kept.
std::string SpacedWords(std::string_view text);

// True if `words`, from SpacedWords, has one of `wanted`: a word, or words with one space between.
template <size_t size>
bool HasOneOf(const std::string& words, const std::array<absl::string_view, size>& wanted) {
  return std::any_of(wanted.begin(), wanted.end(), [&](absl::string_view word) {
    return absl::StrContains(words, absl::StrCat(" ", word, " "));
  });
}

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_WORDS_SPACED_WORDS_H_
