#include "tools/clustrctl/flat/words/spaced_words.h"

#include "absl/strings/ascii.h"

namespace clustr::ctl {

std::string SpacedWords(std::string_view text) {
  std::string words = " ";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_letter = byte >= 0x80 || absl::ascii_isalnum(byte);
    if (is_letter || words.back() != ' ') words.push_back(is_letter ? c : ' ');
  }
  if (words.back() != ' ') words.push_back(' ');
  return words;
}

}  // namespace clustr::ctl
