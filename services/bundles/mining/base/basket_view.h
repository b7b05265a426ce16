#ifndef CLUSTR_SERVICES_BUNDLES_MINING_BASE_BASKET_VIEW_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_BASE_BASKET_VIEW_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

namespace clustr::mining {

// A product as a dense number, assigned by the owner of the baskets. Memory grows with the highest
// number, so gaps cost.
using Item = uint32_t;

// Borrowed view of baskets in one contiguous array: basket i is items[offsets[i]] up to
// items[offsets[i + 1]], distinct and ascending. `offsets` has one entry more than there are
// baskets, or is empty. Requires fewer than 2^32 baskets. A basket may be empty; it then contains
// no itemset. The arrays must outlive the view.
struct BasketView {
  absl::Span<const Item> items;
  absl::Span<const uint64_t> offsets;
  // If not empty, the weight of each basket of `offsets`: the number of equal baskets for which it
  // stands, at least 1. All weights together are below 2^63.
  absl::Span<const int64_t> weights = {};
  // If not empty, the view consists of these baskets of `offsets` alone, each at most once.
  absl::Span<const uint32_t> chosen = {};

  size_t size() const {
    if (!chosen.empty()) return chosen.size();
    return offsets.empty() ? 0 : offsets.size() - 1;
  }
  absl::Span<const Item> operator[](size_t i) const {
    const size_t at = place(i);
    return items.subspan(offsets[at], offsets[at + 1] - offsets[at]);
  }
  int64_t weight(size_t i) const { return weights.empty() ? 1 : weights[place(i)]; }

 private:
  size_t place(size_t i) const { return chosen.empty() ? i : chosen[i]; }
};

// True if 32 bits hold every offset in the data that a search makes of the baskets: the number of
// items plus three times the number of baskets is below 2^32.
inline bool FitsSearch(const BasketView& baskets) {
  return baskets.items.size() + 3 * uint64_t{baskets.size()} <= UINT32_MAX;
}

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_BASE_BASKET_VIEW_H_
