#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_BITMAPS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_BITMAPS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "services/bundles/mining/base/arena.h"
#include "services/bundles/mining/isa/portable.h"

namespace clustr::mining {

// The baskets for which the bits of a projection's bitmaps stand.
struct TidSpace {
  size_t words = 1;  // 64-bit words of each bitmap: 1, or a multiple of 8.
  // Plane p has bit p of each basket's weight. There are no planes if every weight is 1.
  const uint64_t* planes = nullptr;
  uint32_t plane_count = 0;
};

// The words of a bitmap of `tid_count` bits.
inline size_t WordsFor(uint32_t tid_count) {
  return tid_count <= 64 ? 1 : (size_t{tid_count} + 511) / 512 * 8;
}

inline uint32_t CountBits(const uint64_t* bitmap, size_t words) {
  uint32_t bits = 0;
  for (size_t w = 0; w < words; ++w) bits += static_cast<uint32_t>(__builtin_popcountll(bitmap[w]));
  return bits;
}

inline int64_t WeightOf(const uint64_t* bitmap, const TidSpace& space) {
  int64_t weight = 0;
  for (uint32_t p = 0; p < space.plane_count; ++p) {
    const uint64_t* const plane = space.planes + p * space.words;
    for (size_t w = 0; w < space.words; ++w) {
      weight += static_cast<int64_t>(__builtin_popcountll(bitmap[w] & plane[w])) << p;
    }
  }
  return weight;
}

// Number of planes for weights up to `heaviest`, which is at least 1.
inline uint32_t PlanesFor(int64_t heaviest) {
  return 64 - static_cast<uint32_t>(__builtin_clzll(static_cast<uint64_t>(heaviest)));
}

// Sets the weight of basket number `column` in `planes`, bitmaps of `words` words in which it is 0
// so far.
inline void SetWeight(int64_t weight, size_t column, uint64_t* planes, size_t words) {
  uint64_t* plane = planes + column / 64;
  for (auto left = static_cast<uint64_t>(weight); left != 0; left >>= 1, plane += words) {
    *plane |= (left & 1) << column % 64;
  }
}

// PortableIsa::Intersect for weighted baskets.
inline uint32_t IntersectWeighted(const VerticalProjection<int64_t>& from, uint32_t begin,
                                  uint32_t end, const TidSpace& space, const uint64_t* bitmap,
                                  int64_t prefix_count, int64_t min_count,
                                  VerticalProjection<int64_t>* out, uint32_t at, Item* perfect,
                                  uint32_t* perfect_size) {
  for (uint32_t j = begin; j < end; ++j) {
    uint64_t* const to = out->bitmaps + at * space.words;
    for (size_t w = 0; w < space.words; ++w) to[w] = from.bitmaps[j * space.words + w] & bitmap[w];
    const int64_t common = WeightOf(to, space);
    out->items[at] = from.items[j];
    out->counts[at] = common;
    perfect[*perfect_size] = from.items[j];
    *perfect_size += common == prefix_count ? 1 : 0;
    at += common >= min_count && common != prefix_count ? 1 : 0;
  }
  return at;
}

// How to move the bits of a mask together: the words of the mask that are not 0, and where the bits
// of each go. The moves are the same for every bitmap, so they are planned once; otherwise each
// bitmap would repeat the mask's unpredictable branches.
struct BitMoves {
  const uint32_t* from = nullptr;   // Numbers of those words, ascending.
  const uint64_t* masks = nullptr;  // Their bits in the mask.
  const uint32_t* shifts =
      nullptr;  // Position of their first bit in the word that is being filled.
  uint32_t size = 0;
};

inline BitMoves MakeBitMoves(Arena& arena, const uint64_t* mask, size_t words) {
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

// Copies of `count` bitmaps of `words` words that keep only the bits of the mask, in
// `compact_words` words each.
template <class Isa>
uint64_t* CompactBitmaps(Arena& arena, const uint64_t* bitmaps, uint32_t count, size_t words,
                         const BitMoves& moves, size_t compact_words) {
  // Bitmaps of one word are read a vector at a time, starting at any of them.
  uint64_t* const compact = arena.Allocate<uint64_t>(count * compact_words + Isa::kLanes);
  for (uint32_t r = 0; r < count; ++r) {
    const uint64_t* const from = bitmaps + r * words;
    uint64_t* to = compact + r * compact_words;
    uint64_t* const end = to + compact_words;
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
    // After a last word that was filled exactly, this writes a 0 that the next bitmap overwrites.
    *to = word;
    if (to < end) std::fill(to + 1, end, 0);
  }
  return compact;
}

// The same for the bitmaps of extensions, and for the weights of their baskets. `tid_count` is the
// number of bits of `mask`.
template <class Isa>
uint64_t* CompactTidSpace(Arena& arena, const uint64_t* bitmaps, uint32_t count,
                          const uint64_t* mask, const TidSpace& space, uint32_t tid_count,
                          TidSpace* compact) {
  const BitMoves moves = MakeBitMoves(arena, mask, space.words);
  compact->words = WordsFor(tid_count);
  compact->plane_count = space.plane_count;
  if (space.planes != nullptr) {
    compact->planes = CompactBitmaps<Isa>(arena, space.planes, space.plane_count, space.words,
                                          moves, compact->words);
  }
  return CompactBitmaps<Isa>(arena, bitmaps, count, space.words, moves, compact->words);
}

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_BITMAPS_H_
