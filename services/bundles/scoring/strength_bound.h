#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_STRENGTH_BOUND_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_STRENGTH_BOUND_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/scoring/heuristic.h"

namespace clustr::scoring {

// What a bundle can still come to as it grows, so that a search for the best ones passes by
// branches without any (branch and bound; Land and Doig 1960). Immutable; borrows the strengths.
class StrengthBound {
 public:
  // O(pairs). `item_count` is above every item.
  StrengthBound(const PairStrengths& strengths, size_t item_count);

  // At least the mean strength of the pairs of any bundle of at most `max_items` products that
  // holds all of `items`, at least one, and more. A pair that is not known counts as 0.
  double OfLarger(absl::Span<const Item> items, size_t max_items) const;

 private:
  const PairStrengths& strengths_;
  std::vector<double> greatest_of_;  // By Item: of its pairs.
  double greatest_ = 0;              // Of all pairs.
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_STRENGTH_BOUND_H_
