#ifndef CLUSTR_SERVICES_BUNDLES_MINING_BIT_ROWS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_BIT_ROWS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "services/bundles/mining/arena.h"
#include "services/bundles/mining/isa_portable.h"

namespace clustr::mining {

// What the columns of rows of bits stand for.
struct Columns {
  size_t words = 1;                  // Of a row: 1, or a multiple of 8.
  const uint64_t* planes = nullptr;  // Row p: bit p of each column's weight. None: all weigh 1.
  uint32_t plane_count = 0;
  const uint32_t* origins = nullptr;  // By column, its basket in the input; may be absent.
};

// The words of a row of so many columns.
inline size_t WordsFor(uint32_t columns) {
  return columns <= 64 ? 1 : (size_t{columns} + 511) / 512 * 8;
}

inline uint32_t CountBits(const uint64_t* row, size_t words) {
  uint32_t bits = 0;
  for (size_t w = 0; w < words; ++w) bits += static_cast<uint32_t>(__builtin_popcountll(row[w]));
  return bits;
}

inline int64_t WeightOf(const uint64_t* row, const Columns& base) {
  int64_t weight = 0;
  for (uint32_t p = 0; p < base.plane_count; ++p) {
    const uint64_t* const plane = base.planes + p * base.words;
    for (size_t w = 0; w < base.words; ++w) {
      weight += static_cast<int64_t>(__builtin_popcountll(row[w] & plane[w])) << p;
    }
  }
  return weight;
}

// PortableIsa::Intersect for columns with weights.
inline void IntersectWeighted(const Extensions<int64_t>& from, uint32_t size, const Columns& base,
                              const uint64_t* row, int64_t own, int64_t least,
                              Extensions<int64_t>* out, Item* perfect, uint32_t* perfect_size) {
  uint32_t kept = 0;
  for (uint32_t j = 0; j < size; ++j) {
    uint64_t* const to = out->rows + kept * base.words;
    for (size_t w = 0; w < base.words; ++w) to[w] = from.rows[j * base.words + w] & row[w];
    const int64_t common = WeightOf(to, base);
    out->items[kept] = from.items[j];
    out->counts[kept] = common;
    perfect[*perfect_size] = from.items[j];
    *perfect_size += common == own;
    kept += common >= least && common != own;
  }
  out->size = kept;
}

// Copies of `count` rows with the columns of `mask` alone.
template <class Isa>
uint64_t* SqueezeRows(Arena& arena, const uint64_t* rows, uint32_t count, const uint64_t* mask,
                      size_t words, size_t fewer_words) {
  uint64_t* const squeezed = arena.Allocate<uint64_t>(count * fewer_words);
  for (uint32_t r = 0; r < count; ++r) {
    const uint64_t* const from = rows + r * words;
    uint64_t* to = squeezed + r * fewer_words;
    uint64_t* const end = to + fewer_words;
    uint64_t word = 0;
    int filled = 0;
    for (size_t w = 0; w < words; ++w) {
      if (mask[w] == 0) continue;
      const uint64_t bits = Isa::Compress(from[w], mask[w]);
      word |= bits << filled;
      const int total = filled + __builtin_popcountll(mask[w]);
      if (total >= 64) {
        *to++ = word;
        word = filled == 0 ? 0 : bits >> (64 - filled);
      }
      filled = total % 64;
    }
    if (filled != 0) *to++ = word;
    std::fill(to, end, 0);
  }
  return squeezed;
}

// The same for the rows of extensions and for all that belongs to their columns; `columns` is the
// number of bits of `mask`.
template <class Isa>
uint64_t* SqueezeColumns(Arena& arena, const uint64_t* rows, uint32_t count, const uint64_t* mask,
                         const Columns& base, uint32_t columns, Columns* fewer) {
  fewer->words = WordsFor(columns);
  fewer->plane_count = base.plane_count;
  if (base.planes != nullptr) {
    fewer->planes =
        SqueezeRows<Isa>(arena, base.planes, base.plane_count, mask, base.words, fewer->words);
  }
  if (base.origins != nullptr) {
    uint32_t* const origins = arena.Allocate<uint32_t>(columns);
    uint32_t size = 0;
    for (size_t w = 0; w < base.words; ++w) {
      for (uint64_t word = mask[w]; word != 0; word &= word - 1) {
        origins[size++] = base.origins[w * 64 + static_cast<size_t>(__builtin_ctzll(word))];
      }
    }
    fewer->origins = origins;
  }
  return SqueezeRows<Isa>(arena, rows, count, mask, base.words, fewer->words);
}

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_BIT_ROWS_H_
