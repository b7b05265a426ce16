#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_STRENGTH_BOUND_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_STRENGTH_BOUND_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/scoring/heuristic.h"

namespace clustr::scoring {

// An upper bound of the strength of a bundle's extensions, with which a search for the best bundles
// prunes branches that hold none (branch and bound; Land and Doig 1960). Immutable; borrows the
// strengths.
class StrengthBound {
 public:
  // Every item must be below `item_count`. O(pairs).
  StrengthBound(const PairStrengths& strengths, size_t item_count);

  // An upper bound of the mean strength of the pairs of any bundle that has all of `items` (at
  // least one) and further ones, at most `max_items` in total. A pair without a known strength
  // counts as 0.
  double OfLarger(absl::Span<const Item> items, size_t max_items) const;

 private:
  const PairStrengths& strengths_;
  std::vector<double> max_of_;  // Indexed by Item, the maximum strength of its pairs.
  double max_ = 0;              // The maximum strength of all pairs.
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_STRENGTH_BOUND_H_
