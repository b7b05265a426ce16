#include "common/storage/file/page_gap.h"

#include <algorithm>
#include <cstddef>

#include "common/storage/file/page_seal.h"

namespace clustr::storage {
namespace {

// The first byte of a page of a b-tree (https://sqlite.org/fileformat2.html#b_tree_pages).
constexpr uint8_t kInnerIndex = 2;
constexpr uint8_t kInnerTable = 5;
constexpr uint8_t kLeafIndex = 10;
constexpr uint8_t kLeafTable = 13;
// Pages that are not part of a b-tree begin with the number of another page, whose first byte is
// one of these only in a file with more pages (128 GiB with pages of 4 KiB).
constexpr uint64_t kMaxPages = uint64_t{kInnerIndex} << 24;

size_t Number(absl::Span<const uint8_t> page, size_t at) {
  return static_cast<size_t>(page[at]) << 8 | page[at + 1];
}

}  // namespace

void ClearGap(uint32_t number, uint64_t pages, absl::Span<uint8_t> page) {
  const size_t header = number == 1 ? kFileHeaderBytes : 0;
  const uint8_t kind = page[header];
  const bool inner = kind == kInnerIndex || kind == kInnerTable;
  if (pages >= kMaxPages || (!inner && kind != kLeafIndex && kind != kLeafTable)) return;
  const size_t cells = Number(page, header + 3);
  const size_t first_cell = Number(page, header + 5);
  const size_t gap = header + (inner ? 12 : 8) + 2 * cells;
  // 0 stands for 65536, the end of the largest page, which has no gap to speak of then.
  if (gap >= first_cell || first_cell > page.size() - kSealBytes) return;
  std::fill(page.begin() + gap, page.begin() + first_cell, uint8_t{0});
}

}  // namespace clustr::storage
