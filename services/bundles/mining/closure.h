#ifndef CLUSTR_SERVICES_BUNDLES_MINING_CLOSURE_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_CLOSURE_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/mining/basket_view.h"

namespace clustr::mining {

// Looks at the baskets of a set for the items that the search has left behind: the search extends
// a set by common items only, and so does not see whether a rarer one makes it part of a larger set
// of the same count, or of a frequent one. Keeps no sets. Not thread-safe.
class Closure {
 public:
  // Borrows the arrays of `baskets`.
  Closure(const BasketView& baskets, int64_t min_count)
      : baskets_(baskets), min_count_(min_count) {}

  // True if one more item than those of `set`, ascending, is in all of `holders`, which are all
  // baskets that hold `set`, at least one. Stops at the first basket that refutes it.
  bool HasMoreInCommon(absl::Span<const Item> set, absl::Span<const uint32_t> holders);

  // True if a superset of `set` with one more item is frequent. O(lines of the holders).
  bool HasFrequentSuperset(absl::Span<const Item> set, absl::Span<const uint32_t> holders);

 private:
  const BasketView& baskets_;
  const int64_t min_count_;
  std::vector<Item> common_;
  std::vector<int64_t> tallies_;  // By item; 0 between calls.
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_CLOSURE_H_
