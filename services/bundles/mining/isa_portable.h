#ifndef CLUSTR_SERVICES_BUNDLES_MINING_ISA_PORTABLE_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_ISA_PORTABLE_H_

#include <cstddef>
#include <cstdint>

#include "services/bundles/mining/basket_view.h"

// The innermost loops of the search in plain C++: what every other instruction set must agree with.
namespace clustr::mining {

// Items that are the next to extend a set: parallel arrays, with the baskets of set and item as
// rows of bits where the search works on bits.
template <class Count>
struct Extensions {
  Item* items;
  Count* counts;
  uint64_t* rows;
  uint32_t size;
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

  // Of `count` tallies, moves those of at least `least` with their codes to the front of `codes`
  // and `kept`, sets all to 0 and returns how many were kept. The arrays have room for `count` and
  // kLanes more.
  template <class Count>
  static uint32_t TakeFrequent(Count* tallies, uint32_t count, Count least, uint32_t* codes,
                               Count* kept) {
    uint32_t size = 0;
    for (uint32_t code = 0; code < count; ++code) {
      codes[size] = code;
      kept[size] = tallies[code];
      size += tallies[code] >= least;
      tallies[code] = 0;
    }
    return size;
  }

  // Intersects the first `size` rows of `words` words with `row`, which has `own` bits. Those with
  // at least `least` common bits go to `out`; items of those that have all `own` go to `perfect`,
  // whose size grows. `out` may hold up to size + kLanes extensions.
  static void Intersect(const Extensions<uint32_t>& from, uint32_t size, size_t words,
                        const uint64_t* row, uint32_t own, uint32_t least,
                        Extensions<uint32_t>* out, Item* perfect, uint32_t* perfect_size) {
    uint32_t kept = 0;
    for (uint32_t j = 0; j < size; ++j) {
      const uint64_t* const other = from.rows + j * words;
      uint64_t* const to = out->rows + kept * words;
      uint32_t common = 0;
      for (size_t w = 0; w < words; ++w) {
        to[w] = other[w] & row[w];
        common += static_cast<uint32_t>(__builtin_popcountll(to[w]));
      }
      out->items[kept] = from.items[j];
      out->counts[kept] = common;
      perfect[*perfect_size] = from.items[j];
      *perfect_size += common == own;
      kept += common >= least && common != own;
    }
    out->size = kept;
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
