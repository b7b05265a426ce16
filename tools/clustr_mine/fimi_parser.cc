#include "tools/clustr_mine/fimi_parser.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace clustr::mine {
namespace {

static_assert(std::endian::native == std::endian::little, "the first digit is the lowest byte");

constexpr size_t kBlock = 64;
constexpr uint64_t kEachByte = 0x0101010101010101;

// Bit i says that byte `block` + i of the text is no digit, or behind its end.
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

// The number that the last `size` of the eight bytes before `end` make, all of them digits: pairs
// first, then pairs of those, then both halves.
uint32_t NumberBefore(const char* end, size_t size) {
  uint64_t digits;
  std::memcpy(&digits, end - 8, 8);
  digits = (digits & 0x0f * kEachByte) & ~uint64_t{0} << (64 - 8 * size);
  digits = (digits * 10 + (digits >> 8)) & 0x00ff00ff00ff00ff;
  digits = (digits * 100 + (digits >> 16)) & 0x0000ffff0000ffff;
  return static_cast<uint32_t>(digits * 10000 + (digits >> 32));
}

// The number that all the digits of `text` make, or one above 32 bits.
uint64_t NumberOf(std::string_view text) {
  uint64_t number = 0;
  for (const char digit : text) {
    if (number > UINT32_MAX) break;
    number = number * 10 + static_cast<uint64_t>(digit - '0');
  }
  return number;
}

absl::Status Refusal(std::string_view text, size_t at, const std::string& what) {
  const std::string_view before = text.substr(0, at);
  const size_t line = static_cast<size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  const size_t column = before.size() - (before.rfind('\n') + 1) + 1;
  const bool compressed = text.substr(0, 2) == "\x1f\x8b" || text.substr(0, 5) ==
                                                                 "\xfd"
                                                                 "7zXZ";
  return absl::InvalidArgumentError(absl::StrCat(
      "line ", line, ", column ", column, ": ", what,
      compressed
          ? "; decompress it, or give a file whose name ends in .gz or .xz"
          : "; give items as numbers up to 4294967295, with blanks, tabs or commas between"));
}

// Sorts a basket and drops repeats; returns its end.
mining::Item* SortBasket(mining::Item* begin, mining::Item* end) {
  std::sort(begin, end);
  return std::unique(begin, end);
}

// Replaces the numbers of the file, none above `bound`, by dense ones that keep their order.
void MakeDense(uint32_t bound, Transactions& transactions) {
  GrowingArray<mining::Item>& items = transactions.items;
  std::vector<uint32_t>& names = transactions.names;
  if (bound < 65536 || bound / 4 < items.size()) {
    std::vector<uint32_t> item_of(size_t{bound} + 1);
    for (const uint32_t number : items) item_of[number] = 1;
    for (size_t number = 0; number <= bound; ++number) {
      if (item_of[number] == 0) continue;
      item_of[number] = static_cast<uint32_t>(names.size());
      names.push_back(static_cast<uint32_t>(number));
    }
    for (uint32_t& item : items) item = item_of[item];
    return;
  }
  absl::flat_hash_map<uint32_t, uint32_t> item_of;
  for (const uint32_t number : items) {
    if (item_of.try_emplace(number).second) names.push_back(number);
  }
  std::sort(names.begin(), names.end());
  for (size_t i = 0; i < names.size(); ++i) item_of[names[i]] = static_cast<uint32_t>(i);
  for (uint32_t& item : items) item = item_of.find(item)->second;
}

}  // namespace

// Finds where numbers end 64 bytes at a time and only then makes the numbers, so that none waits
// for the one before it. The end of the text ends a number and a basket as a new line does.
absl::StatusOr<Transactions> ParseFimi(std::string_view text) {
  Transactions transactions = {.items = GrowingArray<mining::Item>(text.size() / 4),
                               .offsets = GrowingArray<uint64_t>(text.size() / 32 + 2),
                               .names = {}};
  GrowingArray<mining::Item>& items = transactions.items;
  transactions.offsets.Add(0);
  size_t begin = 0;       // Of what comes after the last byte that was no digit.
  int64_t last = -1;      // Item of the basket.
  bool ascending = true;  // All items of the basket.
  mining::Item bound = 0;
  for (size_t block = 0; block <= text.size(); block += kBlock) {
    mining::Item* end = items.Room(kBlock);
    for (uint64_t others = OtherThanDigits(text, block); others != 0; others &= others - 1) {
      const size_t at = block + static_cast<size_t>(std::countr_zero(others));
      if (at != begin) {
        const bool brief = at - begin <= 8 && at >= 8;
        const uint64_t number = brief ? NumberBefore(text.data() + at, at - begin)
                                      : NumberOf(text.substr(begin, at - begin));
        if (number > UINT32_MAX) return Refusal(text, begin, "the number is above 4294967295");
        ascending &= last < static_cast<int64_t>(number);
        last = static_cast<int64_t>(number);
        *end = static_cast<mining::Item>(number);
        bound = std::max(bound, *end++);
      }
      if (at == text.size()) {
        if (text.empty() || text.back() == '\n') break;
      } else if (text[at] == ' ') {
        begin = at + 1;
        continue;
      }
      begin = at + 1;
      if (at == text.size() || text[at] == '\n') {
        const size_t first = transactions.offsets.end()[-1];
        if (!ascending) end = SortBasket(items.data() + first, end);
        transactions.offsets.Add(static_cast<uint64_t>(end - items.data()));
        ascending = true;
        last = -1;
        if (at == text.size()) break;
      } else if (text[at] != '\t' && text[at] != ',' && text[at] != '\r') {
        return Refusal(text, at,
                       absl::StrCat("`", absl::CHexEscape(std::string(1, text[at])),
                                    "` is neither a number nor a blank"));
      }
    }
    items.Fill(end);
  }
  MakeDense(bound, transactions);
  return transactions;
}

}  // namespace clustr::mine
