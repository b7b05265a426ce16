#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_FREQUENT_PAIRS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_FREQUENT_PAIRS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "services/bundles/mining/base/arena.h"
#include "services/bundles/mining/layout/extensions.h"

namespace clustr::mining {

// The frequent pairs of codes of a projection, if they were counted in advance. The lower code of a
// pair is an extension of prefix + higher code. Borrowed arrays.
template <class Count>
struct FrequentPairs {
  // Indexed by higher code, into `codes` and `counts`; one more than codes.
  const uint32_t* begins = nullptr;
  const uint32_t* codes = nullptr;  // The lower codes, ascending.
  const Count* counts = nullptr;    // Counts of the pairs.
  // Indexed by code, `words` words: the lower and higher codes that form a frequent pair with it.
  const uint64_t* bits = nullptr;
  size_t words = 0;

  // The extensions of prefix + `code`, copied into the arena.
  Extensions<Count> ExtensionsOf(Arena& arena, uint32_t code) const {
    const uint32_t begin = begins[code];
    const uint32_t size = begins[code + 1] - begin;
    Extensions<Count> extensions = {arena.Allocate<uint32_t>(size), arena.Allocate<Count>(size),
                                    size};
    std::copy(codes + begin, codes + begin + size, extensions.codes);
    std::copy(counts + begin, counts + begin + size, extensions.counts);
    return extensions;
  }

  // Moves the extensions that form a frequent pair with another one of `among` to the front and the
  // others behind them; both groups stay ascending. Returns the size of the first group. The others
  // are in no larger frequent set.
  uint32_t MovePairedToFront(Arena& arena, const Extensions<Count>& among) const {
    uint64_t* const held = arena.Allocate<uint64_t>(words);
    std::fill(held, held + words, 0);
    for (uint32_t i = 0; i < among.size; ++i) {
      held[among.codes[i] / 64] |= uint64_t{1} << among.codes[i] % 64;
    }
    uint32_t* const unpaired = arena.Allocate<uint32_t>(among.size);
    Count* const unpaired_counts = arena.Allocate<Count>(among.size);
    uint32_t paired = 0;
    for (uint32_t i = 0; i < among.size; ++i) {
      const uint32_t code = among.codes[i];
      const Count count = among.counts[i];
      uint64_t common = 0;
      for (size_t w = 0; w < words; ++w) common |= bits[code * words + w] & held[w];
      const uint32_t place = i - paired;
      unpaired[place] = among.codes[paired] = code;
      unpaired_counts[place] = among.counts[paired] = count;
      paired += common != 0 ? 1 : 0;
    }
    std::copy(unpaired, unpaired + (among.size - paired), among.codes + paired);
    std::copy(unpaired_counts, unpaired_counts + (among.size - paired), among.counts + paired);
    return paired;
  }
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_FREQUENT_PAIRS_H_
