#include "tools/clustrctl/flat/values/days/folded_word.h"

#include <cstdint>

#include "absl/strings/ascii.h"

namespace clustr::ctl {
namespace {

// The plain letters of U+00C0 to U+017F; `-` for what is no letter.
constexpr std::string_view kLatin =
    "aaaaaaaceeeeiiiidnooooo-ouuuuytsaaaaaaaceeeeiiiidnooooo-ouuuuyty"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

void AppendTwoBytes(uint32_t code_point, std::string* out) {
  out->push_back(static_cast<char>(0xC0 | code_point >> 6));
  out->push_back(static_cast<char>(0x80 | (code_point & 0x3F)));
}

// The plain letter of a Greek or Cyrillic one; other characters stay.
uint32_t Plain(uint32_t letter) {
  switch (letter) {
    case 0x386:
    case 0x3AC:
      return 0x3B1;  // α
    case 0x388:
    case 0x3AD:
      return 0x3B5;  // ε
    case 0x389:
    case 0x3AE:
      return 0x3B7;  // η
    case 0x38A:
    case 0x3AF:
    case 0x390:
    case 0x3CA:
      return 0x3B9;  // ι
    case 0x38C:
    case 0x3CC:
      return 0x3BF;  // ο
    case 0x38E:
    case 0x3CD:
    case 0x3CB:
      return 0x3C5;  // υ
    case 0x38F:
    case 0x3CE:
      return 0x3C9;  // ω
    case 0x3C2:
      return 0x3C3;  // σ at the end of a word
    default:
      break;
  }
  if (letter >= 0x391 && letter <= 0x3A9) return letter + 0x20;
  if (letter >= 0x410 && letter <= 0x42F) return letter + 0x20;
  if (letter >= 0x400 && letter <= 0x40F) return letter + 0x50;
  return letter;
}

}  // namespace

std::string FoldedWord(std::string_view word) {
  std::string folded;
  folded.reserve(word.size());
  for (size_t i = 0; i < word.size(); ++i) {
    const auto byte = static_cast<unsigned char>(word[i]);
    const bool is_pair = byte >= 0xC2 && byte < 0xE0 && i + 1 < word.size();
    if (!is_pair) {
      folded.push_back(absl::ascii_tolower(byte));
      continue;
    }
    const uint32_t letter =
        static_cast<uint32_t>(byte & 0x1F) << 6 | (static_cast<unsigned char>(word[++i]) & 0x3F);
    if (letter >= 0xC0 && letter < 0xC0 + kLatin.size()) {
      folded.push_back(kLatin[letter - 0xC0]);
    } else if (letter < 0x300 || letter >= 0x370) {  // Between them are accents on their own.
      AppendTwoBytes(Plain(letter), &folded);
    }
  }
  return folded;
}

bool IsOneOf(std::string_view word, std::string_view words) {
  for (size_t at = words.find(word); at != std::string_view::npos; at = words.find(word, at + 1)) {
    if (at > 0 && words[at - 1] == ' ' && words.substr(at + word.size()).starts_with(' ')) {
      return true;
    }
  }
  return false;
}

}  // namespace clustr::ctl
