#ifndef CLUSTR_SERVICES_BUNDLES_MINING_ISA_PORTABLE_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_ISA_PORTABLE_H_

#include <cstddef>
#include <cstdint>

#include "services/bundles/mining/base/basket_view.h"

// The innermost loops of the search in plain C++: what every other instruction set must agree with.
namespace clustr::mining {

// Items beside a set: parallel arrays, with the baskets of set and item as bitmaps of bits. The
// first `size` are the next to extend it; the others, up to `total`, were left behind, as in a
// HorizontalProjection.
template <class Count>
struct VerticalProjection {
  Item* items;
  Count* counts;
  uint64_t* bitmaps;
  uint32_t candidate_count;
  uint32_t extension_count;
};

struct PortableIsa {
  // Sets of up to this many items are kept in one place of as many lanes.
  static constexpr int kLanes = 16;

  // Writes the `size` ascending items of `set` and `item`, which is not among them, to `out`,
  // ascending. size < kLanes; `out` has kLanes places.
  static void Insert(const Item* set, int size, Item item, Item* out) {
    int at = size;
    for (; at > 0 && set[at - 1] > item; --at) out[at] = set[at - 1];
    out[at] = item;
    for (int i = 0; i < at; ++i) out[i] = set[i];
  }

  // Of `count` tallies, of codes from `first` on, moves those of at min_count `min_count` to `kept`
  // and their codes to `codes`, sets all to 0 and returns how many were kept. The arrays have room
  // for `count` and kLanes more.
  template <class Count>
  static uint32_t TakeFrequent(Count* tallies, uint32_t count, uint32_t first, Count min_count,
                               uint32_t* codes, Count* kept) {
    uint32_t size = 0;
    for (uint32_t i = 0; i < count; ++i) {
      codes[size] = first + i;
      kept[size] = tallies[i];
      size += tallies[i] >= min_count ? 1 : 0;
      tallies[i] = 0;
    }
    return size;
  }

  // The same for words, whose tally is the number of their bits; moves them to `kept_words`.
  static uint32_t TakeFrequentWords(uint64_t* words, uint32_t count, uint32_t first,
                                    uint32_t min_count, uint32_t* codes, uint32_t* kept,
                                    uint64_t* kept_words) {
    uint32_t size = 0;
    for (uint32_t i = 0; i < count; ++i) {
      codes[size] = first + i;
      kept[size] = static_cast<uint32_t>(__builtin_popcountll(words[i]));
      kept_words[size] = words[i];
      size += kept[size] >= min_count ? 1 : 0;
      words[i] = 0;
    }
    return size;
  }

  // The same for `count` bitmaps of `words` words, a multiple of 8, which begin `stride` words
  // apart; copies those that are kept to `kept_bitmaps`, one behind the other, with room for one
  // more.
  static uint32_t TakeFrequentBitmaps(uint64_t* bitmaps, size_t stride, size_t words,
                                      uint32_t count, uint32_t first, uint32_t min_count,
                                      uint32_t* codes, uint32_t* kept, uint64_t* kept_bitmaps) {
    uint32_t size = 0;
    for (uint32_t i = 0; i < count; ++i) {
      uint64_t* const bitmap = bitmaps + i * stride;
      uint64_t* const to = kept_bitmaps + size * words;
      uint32_t bits = 0;
      for (size_t w = 0; w < words; ++w) {
        bits += static_cast<uint32_t>(__builtin_popcountll(bitmap[w]));
        to[w] = bitmap[w];
        bitmap[w] = 0;
      }
      codes[size] = first + i;
      kept[size] = bits;
      size += bits >= min_count ? 1 : 0;
    }
    return size;
  }

  // Intersects the bitmaps of `words` words from `begin` up to `end` with `bitmap`, which has
  // `prefix_count` bits. Those with at min_count `min_count` common bits go to `out` from number
  // `at` on; items of those that have all `prefix_count` go to `perfect`, whose size grows. Returns
  // where the next one would go. `out` has room for kLanes more than that.
  static uint32_t Intersect(const VerticalProjection<uint32_t>& from, uint32_t begin, uint32_t end,
                            size_t words, const uint64_t* bitmap, uint32_t prefix_count,
                            uint32_t min_count, VerticalProjection<uint32_t>* out, uint32_t at,
                            Item* perfect, uint32_t* perfect_size) {
    for (uint32_t j = begin; j < end; ++j) {
      const uint64_t* const other = from.bitmaps + j * words;
      uint64_t* const to = out->bitmaps + at * words;
      uint32_t common = 0;
      for (size_t w = 0; w < words; ++w) {
        to[w] = other[w] & bitmap[w];
        common += static_cast<uint32_t>(__builtin_popcountll(to[w]));
      }
      out->items[at] = from.items[j];
      out->counts[at] = common;
      perfect[*perfect_size] = from.items[j];
      *perfect_size += common == prefix_count ? 1 : 0;
      at += common >= min_count && common != prefix_count ? 1 : 0;
    }
    return at;
  }

  // True if one of the bitmaps from `begin` up to `end` has all bits of `bitmap`.
  static bool AnyContains(const uint64_t* bitmaps, uint32_t begin, uint32_t end, size_t words,
                          const uint64_t* bitmap) {
    for (uint32_t j = begin; j < end; ++j) {
      const uint64_t* const other = bitmaps + j * words;
      size_t w = 0;
      while (w < words && (bitmap[w] & ~other[w]) == 0) ++w;
      if (w == words) return true;
    }
    return false;
  }

  // True if one of them has at min_count `min_count` bits of `bitmap`.
  static bool AnyFrequent(const uint64_t* bitmaps, uint32_t begin, uint32_t end, size_t words,
                          const uint64_t* bitmap, uint32_t min_count) {
    for (uint32_t j = begin; j < end; ++j) {
      const uint64_t* const other = bitmaps + j * words;
      uint32_t common = 0;
      for (size_t w = 0; w < words; ++w) {
        common += static_cast<uint32_t>(__builtin_popcountll(other[w] & bitmap[w]));
      }
      if (common >= min_count) return true;
    }
    return false;
  }

  // The bits of `word` where `mask` has one, moved together at the low end.
  static uint64_t Compress(uint64_t word, uint64_t mask) {
    uint64_t out = 0;
    for (int at = 0; mask != 0; mask &= mask - 1, ++at) {
      out |= (word >> __builtin_ctzll(mask) & 1) << at;
    }
    return out;
  }
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_ISA_PORTABLE_H_
