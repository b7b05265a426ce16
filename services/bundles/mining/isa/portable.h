#ifndef CLUSTR_SERVICES_BUNDLES_MINING_ISA_PORTABLE_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_ISA_PORTABLE_H_

#include <cstddef>
#include <cstdint>

#include "services/bundles/mining/base/basket_view.h"

// The innermost loops of the search in plain C++. Every other instruction set must give the same
// results.
namespace clustr::mining {

// A projection in vertical layout: the extensions of a prefix as parallel arrays. Bitmap e has a
// bit for each basket of the projection, set if the basket contains extension e. The first
// `candidate_count` extensions are candidates; the others, up to `extension_count`, are excluded.
// See layout/frequent_items.h for the terms.
template <class Count>
struct VerticalProjection {
  Item* items;
  Count* counts;
  uint64_t* bitmaps;
  uint32_t candidate_count;
  uint32_t extension_count;
};

struct PortableIsa {
  // Lanes of a vector. Sets of up to this many items are stored in an array of this size.
  static constexpr int kLanes = 16;

  // Writes the `size` ascending items of `set` and `item`, which is not among them, to `out` in
  // ascending order. Requires size < kLanes; `out` has room for kLanes items.
  static void Insert(const Item* set, int size, Item item, Item* out) {
    int at = size;
    for (; at > 0 && set[at - 1] > item; --at) out[at] = set[at - 1];
    out[at] = item;
    for (int i = 0; i < at; ++i) out[i] = set[i];
  }

  // Moves each of the `count` tallies that is at least `min_count` to `kept` and its code to
  // `codes`, sets all tallies to 0 and returns how many were moved. The first tally belongs to code
  // `first`. `codes` and `kept` have room for `count` + kLanes values.
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

  // The same for words whose tally is their number of bits. Moves them to `kept_words`.
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

  // The same for `count` bitmaps of `words` words, a multiple of 8, that begin `stride` words
  // apart. Copies the kept ones to `kept_bitmaps` without gaps, where there is room for one more.
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

  // Intersects the bitmaps of extensions `begin` up to `end` with `bitmap`, which has
  // `prefix_count` bits. Appends the extensions that have at least `min_count` bits in common with
  // it to `out`, from number `at` on; those that have all `prefix_count` bits are perfect, and
  // their items are appended to `perfect` instead. Returns the index behind the last extension of
  // `out`, which has room for kLanes more.
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

  // True if one of the bitmaps `begin` up to `end` contains all bits of `bitmap`.
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

  // True if one of the bitmaps `begin` up to `end` has at least `min_count` bits in common with
  // `bitmap`.
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

  // The bits of `word` at the positions of `mask`, moved together at the low end.
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
