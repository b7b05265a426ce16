#include "tools/clustr_mine/fimi_parser.h"

#include <algorithm>
#include <cstddef>
#include <functional>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "tools/clustr_mine/dense_numbers.h"

namespace clustr::mine {
namespace {

// Bytes of text that are scanned before their items are processed; text and items fit the L2 cache.
constexpr size_t kChunk = size_t{1} << 14;
// The maximum number of bytes per scan, which needs room for one line per byte.
constexpr size_t kPiece = 2 * kChunk;

// The error for text that a scan refused at byte `at`.
absl::Status Refusal(std::string_view text, size_t at) {
  const std::string_view before = text.substr(0, at);
  const size_t line = static_cast<size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  const size_t column = before.size() - (before.rfind('\n') + 1) + 1;
  const bool number = absl::ascii_isdigit(static_cast<unsigned char>(text[at]));
  const bool compressed = text.substr(0, 2) == "\x1f\x8b" || text.substr(0, 5) ==
                                                                 "\xfd"
                                                                 "7zXZ";
  return absl::InvalidArgumentError(absl::StrCat(
      "line ", line, ", column ", column, ": ",
      number ? "the number is above 4294967295"
             : absl::StrCat("`", absl::CHexEscape(std::string(1, text[at])),
                            "` is neither a number nor a blank"),
      compressed
          ? "; decompress it, or give a file whose name ends in .gz or .xz"
          : "; give items as numbers up to 4294967295, separated by blanks, tabs or commas"));
}

// The position after the end of the line with byte `at`. A last line without '\n' is treated as if
// one followed.
size_t LineEnd(std::string_view text, size_t at) {
  return at < text.size() ? std::min(text.find('\n', at), text.size()) + 1 : text.size() + 1;
}

// Scans whole lines, and appends their numbers and line ends. Returns what Scan returns.
size_t ScanLines(Scan scan, std::string_view text, size_t begin, size_t end,
                 GrowingArray<mining::Item>& items, GrowingArray<uint64_t>& offsets) {
  for (size_t piece_end; begin < end; begin = piece_end) {
    piece_end = std::min(end, begin + kPiece);
    const size_t size = piece_end - begin;
    mining::Item* const numbers = items.Room(size / 2 + 1 + kScanSlack);
    uint64_t* const line_ends = offsets.Room(size + kScanSlack);
    ScanOutput output = {.first = items.data(), .numbers = numbers, .line_ends = line_ends};
    const size_t refused = scan(text, begin, piece_end, output);
    if (refused != kAllTaken) return refused;
    items.Fill(output.numbers);
    offsets.Fill(output.line_ends);
  }
  return kAllTaken;
}

// Whether the items of each basket ascend. Counts the descents between neighbours over all items
// and subtracts those between baskets, so that no branch depends on the length of a basket.
bool AllAscend(const mining::Item* items, absl::Span<const uint64_t> offsets) {
  const uint64_t first = offsets.front();
  const uint64_t end = offsets.back();
  if (end - first > UINT32_MAX) return false;  // The count might overflow; SortBaskets checks each.
  uint32_t descents = 0;
  for (uint64_t i = first + 1; i < end; ++i) descents += items[i] <= items[i - 1];
  for (size_t i = 1; i + 1 < offsets.size(); ++i) {
    const uint64_t begin = offsets[i];
    const bool inside = begin != first && begin != offsets[i + 1];
    descents -= inside && items[begin] <= items[begin - 1];
  }
  return descents == 0;
}

// Sorts each basket and removes repeated items; adjusts the offsets.
void SortBaskets(mining::Item* items, absl::Span<uint64_t> offsets) {
  mining::Item* to = items + offsets[0];
  const mining::Item* from = to;
  for (uint64_t& offset : offsets.subspan(1)) {
    const mining::Item* const end = items + offset;
    mining::Item* const basket = to;
    to = std::copy(from, end, to);
    from = end;
    if (std::adjacent_find(basket, to, std::greater_equal<>()) != to) {
      std::sort(basket, to);
      to = std::unique(basket, to);
    }
    offset = static_cast<uint64_t>(to - items);
  }
}

}  // namespace

absl::StatusOr<Transactions> ParseFimi(std::string_view text) {
  return ParseFimi(text, SupportedScans().back());
}

absl::StatusOr<Transactions> ParseFimi(std::string_view text, Scan scan) {
  Transactions transactions = {.items = GrowingArray<mining::Item>(text.size() / 4),
                               .offsets = GrowingArray<uint64_t>(text.size() / 32 + 2),
                               .names = {},
                               .labels = {}};
  GrowingArray<mining::Item>& items = transactions.items;
  GrowingArray<uint64_t>& offsets = transactions.offsets;
  offsets.Add(0);
  const size_t whole = text.empty() || text.back() == '\n' ? text.size() : text.size() + 1;
  DenseNumbers dense;
  for (size_t begin = 0; begin < whole;) {
    const size_t end = std::min(whole, LineEnd(text, begin + kChunk));
    const size_t first_line = offsets.size() - 1;
    const size_t refused = ScanLines(scan, text, begin, end, items, offsets);
    if (refused != kAllTaken) return Refusal(text, refused);
    const absl::Span<uint64_t> lines(offsets.data() + first_line, offsets.size() - first_line);
    if (!AllAscend(items.data(), lines)) SortBaskets(items.data(), lines);
    items.Fill(items.data() + lines.back());
    dense.Add(absl::MakeConstSpan(items.data() + lines.front(), items.end()));
    begin = end;
  }
  transactions.names = dense.Replace(absl::MakeSpan(items.begin(), items.end()));
  return transactions;
}

}  // namespace clustr::mine
