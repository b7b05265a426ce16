#ifndef CLUSTR_SERVICES_BUNDLES_INDEX_SELECTION_H_
#define CLUSTR_SERVICES_BUNDLES_INDEX_SELECTION_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/index/population.h"
#include "services/bundles/index/snapshot.h"

namespace clustr::index {

// The baskets of a population in one snapshot, which is to be passed along with it everywhere.
struct Selection {
  std::vector<uint64_t> words;  // Bit slot % 64 of word slot / 64.
  int64_t basket_count = 0;     // N: baskets of the population with at least one product.
  bool everything = false;      // Every basket of the snapshot.

  bool contains(Slot slot) const { return words[slot / 64] >> (slot % 64) & 1; }
};

// O(baskets + customers), about 2 ns a basket at worst; far less without a condition.
Selection Select(const Snapshot& snapshot, const Population& population);

// The baskets of `selection` that hold all of `items`.
Selection Narrow(const Snapshot& snapshot, const Selection& selection,
                 absl::Span<const Item> items);

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_SELECTION_H_
