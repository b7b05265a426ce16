#ifndef CLUSTR_SERVICES_BUNDLES_INDEX_SELECTION_H_
#define CLUSTR_SERVICES_BUNDLES_INDEX_SELECTION_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/index/population.h"
#include "services/bundles/index/snapshot.h"

namespace clustr::index {

// The baskets of a population in one snapshot. Functions that take both need the snapshot that the
// selection was made of.
struct Selection {
  std::vector<uint64_t> words;  // Bit slot % 64 of word slot / 64.
  int64_t basket_count = 0;     // N, the number of baskets (which all have a product).
  bool everything = false;      // True if it has every basket of the snapshot.

  bool contains(Slot slot) const { return words[slot / 64] >> (slot % 64) & 1; }
};

// The baskets of `population`. O(baskets + customers), about 2 ns per basket at worst; far less
// without a condition.
Selection Select(const Snapshot& snapshot, const Population& population);

// Whether the population has at least `count` baskets. Stops when it has found them, so that a
// large population costs far less than its selection. O(baskets + customers).
bool HasAtLeast(const Snapshot& snapshot, const Population& population, int64_t count);

// The customers that catalog knows and that meet the conditions of `population` on customers: bit
// number % 64 of word number / 64, by dense number. O(customers).
std::vector<uint64_t> PassingCustomers(const Snapshot& snapshot, const Population& population);

// The baskets of `selection` that hold all of `items`; `selection` itself if there are none.
Selection Narrow(const Snapshot& snapshot, const Selection& selection,
                 absl::Span<const Item> items);

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_SELECTION_H_
