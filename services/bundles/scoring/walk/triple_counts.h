#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_WALK_TRIPLE_COUNTS_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_WALK_TRIPLE_COUNTS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/walk/bundle_space.h"
#include "services/bundles/scoring/walk/step_budget.h"
#include "services/bundles/scoring/walk/strong_edges.h"

namespace clustr::scoring {

// A product that is in `count` baskets with two others.
struct ThirdProduct {
  Item item;
  uint32_t count;
};

// The bundles of three products that enough baskets hold, counted all at once. A search that would
// intersect the baskets of very many candidates, most of which are in too few baskets, is far
// faster with these: a larger bundle must have all of its threes among them. Not thread-safe.
class TripleCounts {
 public:
  // Prepares to count the threes whose pairs are all `edges`, which must be of `space`. O(edges).
  TripleCounts(const StrongEdges& edges, const BundleSpace& space);

  // About the steps that Count takes; INT64_MAX if the counts would take too much memory.
  int64_t steps() const { return steps_; }
  // Counts in the baskets that the space searches, and takes from the budget what that costs, as it
  // goes. `snapshot` must be that of the space. False if the budget runs out, if it takes far more
  // than steps(), or if there are too many such bundles to keep; to be called once.
  bool Count(const index::Snapshot& snapshot, const BundleSpace& space, StepBudget* budget);

  // The products that make a bundle of `a` and `b` whose counts the space admits, ascending.
  // Requires that Count returned true, like the next.
  absl::Span<const ThirdProduct> Of(Item a, Item b) const;
  // The number of baskets that hold all three; 0 if the space does not admit the bundle by it.
  uint32_t CountOf(Item a, Item b, Item c) const;

 private:
  class Counter;

  // The earlier codes that code `k` forms an edge with, ascending.
  absl::Span<const uint16_t> EarlierOf(size_t k) const {
    return absl::MakeConstSpan(earlier_).subspan(begins_[k], begins_[k + 1] - begins_[k]);
  }
  // Sets thirds_ to the bundles with sufficient counts. False if there are too many, or if the
  // budget runs out.
  bool Keep(const BundleSpace& space, StepBudget* budget);

  int64_t steps_ = INT64_MAX;
  std::vector<Item> items_;        // Those with two or more edges, by code: most common first.
  std::vector<uint16_t> earlier_;  // See EarlierOf.
  std::vector<uint32_t> begins_;   // Indexed by code, and one more.
  // The count of code k with its earlier codes number i and j < i is counts_[tables_[k] + i (i - 1)
  // / 2 + j].
  std::vector<uint32_t> counts_;
  std::vector<size_t> tables_;  // Indexed by code, and one more.
  std::vector<ThirdProduct> thirds_;
  // The thirds of each pair, from a place in thirds_ to another.
  absl::flat_hash_map<uint64_t, std::pair<uint32_t, uint32_t>> places_;
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_WALK_TRIPLE_COUNTS_H_
