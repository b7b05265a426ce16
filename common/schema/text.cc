#include "common/schema/text.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/errors.h"

namespace clustr::schema {
namespace {

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Length in bytes of the valid UTF-8 sequence at the start of `text`; 0 if there is none.
size_t SequenceLength(absl::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return 1;
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if (!IsContinuation(text[i])) return 0;
  }
  const auto second = static_cast<unsigned char>(text[1]);
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
      (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) {
    return 0;
  }
  return length;
}

}  // namespace

size_t CodePoints(absl::string_view text) {
  return text.size() - std::count_if(text.begin(), text.end(), IsContinuation);
}

std::string WhyNotText(absl::string_view text, size_t max_length) {
  size_t code_points = 0;
  for (size_t i = 0; i < text.size();) {
    const size_t length = SequenceLength(text.substr(i));
    if (length == 0) {
      return absl::StrCat("byte ", i + 1, " is not valid UTF-8; give UTF-8 text");
    }
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool c1 = byte == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (byte < 0x20 || byte == 0x7F || c1) {
      const unsigned code = c1 ? static_cast<unsigned char>(text[i + 1]) : byte;
      return absl::StrFormat("has the control character U+%04X at position %d; remove it", code,
                             code_points + 1);
    }
    i += length;
    ++code_points;
  }
  if (code_points > max_length) {
    return absl::StrCat(Quoted(text), " has ", code_points, " characters; give at most ",
                        max_length);
  }
  return "";
}

bool IsUtf8(absl::string_view text) {
  size_t i = 0;
  while (i < text.size()) {
    // Most texts are ASCII: skip eight such bytes at a time.
    uint64_t bytes;
    if (i + sizeof(bytes) <= text.size()) {
      std::memcpy(&bytes, text.data() + i, sizeof(bytes));
      if ((bytes & 0x8080808080808080) == 0) {
        i += sizeof(bytes);
        continue;
      }
    }
    const size_t length = SequenceLength(text.substr(i));
    if (length == 0) return false;
    i += length;
  }
  return true;
}

std::string ReplaceInvalidUtf8(absl::string_view text) {
  std::string valid;
  for (size_t i = 0; i < text.size();) {
    const size_t length = SequenceLength(text.substr(i));
    absl::StrAppend(&valid, length == 0 ? "\xEF\xBF\xBD" : text.substr(i, length));
    i += length == 0 ? 1 : length;
  }
  return valid;
}

bool IsBlank(absl::string_view text) {
  return text.find_first_not_of(' ') == absl::string_view::npos;
}

}  // namespace clustr::schema
