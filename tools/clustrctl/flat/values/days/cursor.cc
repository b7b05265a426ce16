#include "tools/clustrctl/flat/values/days/cursor.h"

#include <array>

#include "absl/strings/ascii.h"

namespace clustr::ctl {
namespace {

// No-break, figure, thin, narrow no-break and ideographic spaces, and marks that nobody sees: the
// zero-width space and the marks of the direction of writing.
constexpr std::array<std::string_view, 8> kWideSpaces = {
    "\xC2\xA0",     "\xE2\x80\x87", "\xE2\x80\x89", "\xE2\x80\xAF",
    "\xE3\x80\x80", "\xE2\x80\x8B", "\xE2\x80\x8E", "\xE2\x80\x8F"};

// Length of the space at the start of `text`; 0 if there is none.
size_t SpaceLength(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = static_cast<unsigned char>(text.front());
  if (byte < 0x80) return byte == ' ' || byte == '\t' ? 1 : 0;
  for (const std::string_view space : kWideSpaces) {
    if (text.starts_with(space)) return space.size();
  }
  return 0;
}

bool MayBeLetter(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || absl::ascii_isalpha(byte);
}

}  // namespace

bool Cursor::at_letter() const { return MayBeLetter(next()) && SpaceLength(rest_) == 0; }

bool Cursor::TakeSpaces() {
  bool any = false;
  for (size_t length = SpaceLength(rest_); length > 0; length = SpaceLength(rest_)) {
    rest_.remove_prefix(length);
    any = true;
  }
  return any;
}

void Cursor::TakeFiller() {
  while (TakeSpaces() || Take('-') || Take('.') || Take(',') || Take('/')) {
  }
}

int Cursor::TakeNumber(int* digits, int max_digits) {
  int number = 0;
  *digits = 0;
  while (*digits < max_digits && at_digit()) {
    number = 10 * number + (next() - '0');
    rest_.remove_prefix(1);
    ++*digits;
  }
  return number;
}

int Cursor::TakeBounded(int min_digits, int max_digits, int max) {
  int digits = 0;
  const int number = TakeNumber(&digits);
  return digits >= min_digits && digits <= max_digits && number <= max ? number : -1;
}

std::string_view Cursor::TakeWord() {
  const std::string_view from = rest_;
  while (at_letter()) rest_.remove_prefix(1);
  return from.substr(0, from.size() - rest_.size());
}

}  // namespace clustr::ctl
