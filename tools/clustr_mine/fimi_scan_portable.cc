#include <array>
#include <bit>
#include <cstring>

#include "tools/clustr_mine/fimi_scan.h"

namespace clustr::mine {
namespace {

static_assert(std::endian::native == std::endian::little, "the first digit is the lowest byte");

constexpr size_t kBlock = 64;
constexpr uint64_t kEachByte = 0x0101010101010101;

enum ByteKind : uint8_t { kRefused, kBlank, kLineEnd };

constexpr std::array<ByteKind, 256> kKinds = [] {
  std::array<ByteKind, 256> kinds = {};
  kinds[' '] = kinds['\t'] = kinds[','] = kinds['\r'] = kBlank;
  kinds['\n'] = kLineEnd;
  return kinds;
}();

bool IsDigit(char byte) { return byte >= '0' && byte <= '9'; }

// Bit i is set if byte `block` + i of the text is not a digit, or is after its end.
uint64_t OtherThanDigits(std::string_view text, size_t block) {
  char rest[kBlock] = {};
  const char* bytes = text.data() + block;
  if (text.size() - block < kBlock) {
    text.copy(rest, kBlock, block);
    bytes = rest;
  }
  uint64_t others = 0;
  for (int i = 0; i < 8; ++i) {
    uint64_t word;
    std::memcpy(&word, bytes + 8 * i, 8);
    word ^= '0' * kEachByte;  // Digits are 0 to 9 now.
    word |= (word & 0x7f * kEachByte) + (0x80 - 10) * kEachByte;
    // Gathers the highest bits of the bytes in the highest byte.
    others |= ((word >> 7 & kEachByte) * 0x0102040810204080 >> 56) << (8 * i);
  }
  return others;
}

// The number whose digits are the last `size` of the eight bytes before `end`; 0 if `size` is 0.
// Combines digits to pairs, these to fours, and these to eight digits.
uint32_t NumberBefore(const char* end, size_t size) {
  uint64_t digits;
  std::memcpy(&digits, end - 8, 8);
  digits = (digits & 0x0f * kEachByte) & ~(~uint64_t{0} >> (4 * size) >> (4 * size));
  digits = (digits * 10 + (digits >> 8)) & 0x00ff00ff00ff00ff;
  digits = (digits * 100 + (digits >> 16)) & 0x0000ffff0000ffff;
  return static_cast<uint32_t>(digits * 10000 + (digits >> 32));
}

// The number with the digits `text`; any number above 32 bits if it is too large.
uint64_t NumberOf(std::string_view text) {
  uint64_t number = 0;
  for (const char digit : text) {
    if (number > UINT32_MAX) break;
    number = number * 10 + static_cast<uint64_t>(digit - '0');
  }
  return number;
}

}  // namespace

// Finds the ends of numbers in 64 bytes at a time before it computes the numbers, so that they do
// not depend on each other. Writes a number and a line end for every byte that is not a digit, and
// advances only if there was one: branches would be mispredicted.
size_t ScanPortable(std::string_view text, size_t begin, size_t end, ScanOutput& output) {
  if (begin == end) return kAllTaken;
  mining::Item* numbers = output.numbers;
  uint64_t* line_ends = output.line_ends;
  size_t first = begin;  // The byte after the last one that is not a digit.
  while (first > 0 && IsDigit(text[first - 1])) --first;
  for (size_t block = begin; block < end; block += kBlock) {
    uint64_t others = OtherThanDigits(text, block);
    if (end - block < kBlock) others &= (uint64_t{1} << (end - block)) - 1;
    for (; others != 0; others &= others - 1) {
      const size_t at = block + static_cast<size_t>(std::countr_zero(others));
      const size_t size = at - first;
      const uint64_t number = size <= 8 && at >= 8 ? NumberBefore(text.data() + at, size)
                                                   : NumberOf(text.substr(first, size));
      if (number > UINT32_MAX) return first;
      *numbers = static_cast<mining::Item>(number);
      numbers += size != 0;
      const char byte = at < text.size() ? text[at] : '\n';
      const ByteKind kind = kKinds[static_cast<uint8_t>(byte)];
      if (kind == kRefused) return at;
      *line_ends = static_cast<uint64_t>(numbers - output.first);
      line_ends += kind == kLineEnd;
      first = at + 1;
    }
  }
  output.numbers = numbers;
  output.line_ends = line_ends;
  return kAllTaken;
}

}  // namespace clustr::mine
