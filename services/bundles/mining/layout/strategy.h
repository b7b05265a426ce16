#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_STRATEGY_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_STRATEGY_H_

#include <algorithm>
#include <cstdint>

#include "services/bundles/mining/layout/bit_rows.h"

namespace clustr::mining {

// Measures of the baskets that hold a set, by which the search decides how it goes on.
struct Projection {
  uint32_t rows = 0;     // Baskets.
  uint64_t entries = 0;  // Items of all of them.
  uint32_t codes = 0;    // Different items.
  uint64_t pairs = 0;    // Of items that have to be intersected.
  bool in_bits = false;  // Rows of bits are there already.
  // That rows of bits may take, if 8 bytes an entry are not more. Each level of the search has
  // some.
  uint64_t max_bytes = uint64_t{2} << 20;
};

// Pairs of `heads` items among themselves and with the others of `total`.
inline uint64_t AllPairs(uint64_t heads, uint64_t total) { return heads * (total - heads / 2); }

// Counting the pairs of items costs lists a step for each pair that a basket holds, and bits a step
// for each pair and 512 baskets.
inline bool BitsAreCheaper(const Projection& projection) {
  constexpr double kMakingLists = 10;
  if (projection.rows == 0) return false;
  const uint64_t words = WordsFor(projection.rows);
  const uint64_t bytes = words * projection.codes * sizeof(uint64_t);
  if (bytes > std::max(projection.max_bytes, 8 * projection.entries)) return false;
  const double mean = static_cast<double>(projection.entries) / projection.rows;
  const double making = projection.in_bits ? kMakingLists : 0;
  const double list_steps = projection.rows * (mean * mean / 2 + 4 * mean + making);
  const double bit_steps =
      static_cast<double>(projection.pairs) * (static_cast<double>(words) / 8 + 2);
  return bit_steps < list_steps;
}

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_STRATEGY_H_
