#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_STRATEGY_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_STRATEGY_H_

#include <algorithm>
#include <cstdint>

#include "services/bundles/mining/layout/bitmaps.h"

namespace clustr::mining {

// Measures of the baskets that hold a set, by which the search decides how it goes on.
struct ProjectionShape {
  uint32_t baskets = 0;          // Baskets.
  uint64_t entries = 0;          // Items of all of them.
  uint32_t extension_count = 0;  // Different items.
  uint64_t pairs = 0;            // Of items that have to be intersected.
  bool has_bitmaps = false;      // Rows of bits are there already.
  // That rows of bits may take, if 8 bytes an entry are not more. Each level of the search has
  // some.
  uint64_t max_bytes = uint64_t{2} << 20;
};

// Pairs of `candidates` items among themselves and with the others of `total`.
inline uint64_t AllPairs(uint64_t candidates, uint64_t total) {
  return candidates * (total - candidates / 2);
}

// Counting the pairs of items costs lists a step for each pair that a basket holds, and bits a step
// for each pair and 512 baskets.
inline bool BitmapsAreCheaper(const ProjectionShape& shape) {
  constexpr double kMakingLists = 10;
  if (shape.baskets == 0) return false;
  const uint64_t words = WordsFor(shape.baskets);
  const uint64_t bytes = words * shape.extension_count * sizeof(uint64_t);
  if (bytes > std::max(shape.max_bytes, 8 * shape.entries)) return false;
  const double mean = static_cast<double>(shape.entries) / shape.baskets;
  const double making = shape.has_bitmaps ? kMakingLists : 0;
  const double list_steps = shape.baskets * (mean * mean / 2 + 4 * mean + making);
  const double bit_steps = static_cast<double>(shape.pairs) * (static_cast<double>(words) / 8 + 2);
  return bit_steps < list_steps;
}

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_STRATEGY_H_
