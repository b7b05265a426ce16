#ifndef CLUSTR_SERVICES_BUNDLES_MINING_BASE_BASKET_VIEW_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_BASE_BASKET_VIEW_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

namespace clustr::mining {

// A product as a dense number: 0 up to the number of products, assigned by whoever owns the
// baskets. Memory grows with the highest number, so gaps are not free.
using Item = uint32_t;

// Borrowed view of baskets in one contiguous array: basket i is items[offsets[i]] up to
// items[offsets[i + 1]], its items distinct and ascending. `offsets` has one entry more than there
// are baskets (or none at all); fewer than 2^32 baskets. An empty basket is allowed and holds no
// itemset. The arrays must outlive the view.
struct BasketView {
  absl::Span<const Item> items;
  absl::Span<const uint64_t> offsets;
  // If not empty, one for each basket of `offsets`: how many equal baskets it stands for, at least
  // 1; together below 2^63.
  absl::Span<const int64_t> weights = {};
  // If not empty, only these baskets of `offsets` are seen, each at most once.
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

// True if every place in what a search makes of the baskets has a number of 32 bits: the items and
// three times the baskets are below 2^32 together.
inline bool FitsSearch(const BasketView& baskets) {
  return baskets.items.size() + 3 * uint64_t{baskets.size()} <= UINT32_MAX;
}

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_BASE_BASKET_VIEW_H_
