#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_STRATEGY_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_STRATEGY_H_

#include <algorithm>
#include <cstdint>

#include "services/bundles/mining/layout/bitmaps.h"

namespace clustr::mining {

// The size of a projection, by which the search chooses its layout.
struct ProjectionShape {
  uint32_t baskets = 0;
  uint64_t entries = 0;  // Codes in all baskets together.
  uint32_t extension_count = 0;
  uint64_t pairs = 0;        // Pairs of extensions that bitmaps would have to be intersected for.
  bool has_bitmaps = false;  // The tid-bitmaps exist already.
  // Highest number of bytes for bitmaps, unless 8 bytes for each entry are more. Each level of the
  // search may hold this much.
  uint64_t max_bytes = uint64_t{2} << 20;
};

// Number of pairs of the `candidates` with one another and with the other ones of `total`
// extensions.
inline uint64_t AllPairs(uint64_t candidates, uint64_t total) {
  return candidates * (total - candidates / 2);
}

// True if the vertical layout is cheaper. Counting extensions costs the horizontal layout a step
// for each pair of items in a basket, and the vertical layout a step for each pair of extensions
// and 512 baskets.
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
