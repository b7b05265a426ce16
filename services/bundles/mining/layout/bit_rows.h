#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_BIT_ROWS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_BIT_ROWS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "services/bundles/mining/base/arena.h"
#include "services/bundles/mining/isa/portable.h"

namespace clustr::mining {

// What the columns of rows of bits stand for.
struct Columns {
  size_t words = 1;                  // Of a row: 1, or a multiple of 8.
  const uint64_t* planes = nullptr;  // Row p: bit p of each column's weight. None: all weigh 1.
  uint32_t plane_count = 0;
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

// The planes that weights up to `heaviest`, at least 1, take.
inline uint32_t PlanesFor(int64_t heaviest) {
  return 64 - static_cast<uint32_t>(__builtin_clzll(static_cast<uint64_t>(heaviest)));
}

// Gives a column of `planes`, rows of `words` words and all 0 so far, its weight.
inline void SetWeight(int64_t weight, size_t column, uint64_t* planes, size_t words) {
  uint64_t* plane = planes + column / 64;
  for (auto left = static_cast<uint64_t>(weight); left != 0; left >>= 1, plane += words) {
    *plane |= (left & 1) << column % 64;
  }
}

// PortableIsa::Intersect for columns with weights.
inline uint32_t IntersectWeighted(const Extensions<int64_t>& from, uint32_t begin, uint32_t end,
                                  const Columns& base, const uint64_t* row, int64_t own,
                                  int64_t least, Extensions<int64_t>* out, uint32_t at,
                                  Item* perfect, uint32_t* perfect_size) {
  for (uint32_t j = begin; j < end; ++j) {
    uint64_t* const to = out->rows + at * base.words;
    for (size_t w = 0; w < base.words; ++w) to[w] = from.rows[j * base.words + w] & row[w];
    const int64_t common = WeightOf(to, base);
    out->items[at] = from.items[j];
    out->counts[at] = common;
    perfect[*perfect_size] = from.items[j];
    *perfect_size += common == own ? 1 : 0;
    at += common >= least && common != own ? 1 : 0;
  }
  return at;
}

// The columns of a mask, to be moved together: its words that have any, and where those of each
// word go. The same for every row, so that what a mask decides is not decided anew, by branches
// that nobody can foresee, for each.
struct ColumnMoves {
  const uint32_t* from = nullptr;    // Words of a row, ascending.
  const uint64_t* masks = nullptr;   // Their columns.
  const uint32_t* shifts = nullptr;  // The bit where those go in the word that is being filled.
  uint32_t size = 0;
};

inline ColumnMoves MakeMoves(Arena& arena, const uint64_t* mask, size_t words) {
  auto* const from = arena.Allocate<uint32_t>(words);
  auto* const masks = arena.Allocate<uint64_t>(words);
  auto* const shifts = arena.Allocate<uint32_t>(words);
  uint32_t size = 0;
  uint32_t filled = 0;
  for (size_t w = 0; w < words; ++w) {
    from[size] = static_cast<uint32_t>(w);
    masks[size] = mask[w];
    shifts[size] = filled;
    size += mask[w] != 0 ? 1 : 0;
    filled = (filled + static_cast<uint32_t>(__builtin_popcountll(mask[w]))) % 64;
  }
  return {from, masks, shifts, size};
}

// Copies of `count` rows of `words` words with those columns alone, in `fewer_words` words each.
template <class Isa>
uint64_t* SqueezeRows(Arena& arena, const uint64_t* rows, uint32_t count, size_t words,
                      const ColumnMoves& moves, size_t fewer_words) {
  // Single words are read a vector at a time, from any of them on.
  uint64_t* const squeezed = arena.Allocate<uint64_t>(count * fewer_words + Isa::kLanes);
  for (uint32_t r = 0; r < count; ++r) {
    const uint64_t* const from = rows + r * words;
    uint64_t* to = squeezed + r * fewer_words;
    uint64_t* const end = to + fewer_words;
    uint64_t word = 0;
    for (uint32_t m = 0; m < moves.size; ++m) {
      const uint64_t bits = Isa::Compress(from[moves.from[m]], moves.masks[m]);
      const uint32_t shift = moves.shifts[m];
      word |= bits << shift;
      *to = word;
      const bool full = shift + static_cast<uint32_t>(__builtin_popcountll(moves.masks[m])) >= 64;
      word = full ? bits >> 1 >> (63 - shift) : word;
      to += full ? 1 : 0;
    }
    // What is left of a last word that was filled exactly is 0, and belongs to the next row.
    *to = word;
    if (to < end) std::fill(to + 1, end, 0);
  }
  return squeezed;
}

// The same for the rows of extensions and for all that belongs to their columns; `columns` is the
// number of bits of `mask`.
template <class Isa>
uint64_t* SqueezeColumns(Arena& arena, const uint64_t* rows, uint32_t count, const uint64_t* mask,
                         const Columns& base, uint32_t columns, Columns* fewer) {
  const ColumnMoves moves = MakeMoves(arena, mask, base.words);
  fewer->words = WordsFor(columns);
  fewer->plane_count = base.plane_count;
  if (base.planes != nullptr) {
    fewer->planes =
        SqueezeRows<Isa>(arena, base.planes, base.plane_count, base.words, moves, fewer->words);
  }
  return SqueezeRows<Isa>(arena, rows, count, base.words, moves, fewer->words);
}

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_BIT_ROWS_H_
