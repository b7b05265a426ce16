#include "services/bundles/scoring/strength_bound.h"

#include <algorithm>

namespace clustr::scoring {

StrengthBound::StrengthBound(const PairStrengths& strengths, size_t item_count)
    : strengths_(strengths), max_of_(item_count) {
  strengths.ForEach([&](Item a, Item b, double strength) {
    for (const Item item : {a, b}) {
      max_of_[item] = std::max(max_of_[item], strength);
    }
    max_ = std::max(max_, strength);
  });
}

double StrengthBound::OfLarger(absl::Span<const Item> items, size_t max_items) const {
  double inside = 0;   // The sum over the pairs of `items`.
  double outward = 0;  // Bounds the sum over the pairs of each of them with one further product.
  for (size_t i = 0; i < items.size(); ++i) {
    outward += max_of_[items[i]];
    for (size_t j = i + 1; j < items.size(); ++j) inside += strengths_.Of(items[i], items[j]);
  }
  double max = 0;
  for (size_t size = items.size() + 1; size <= max_items; ++size) {
    const double further = static_cast<double>(size - items.size());
    const double sum = inside + further * outward + further * (further - 1) / 2 * max_;
    max = std::max(max, sum / (static_cast<double>(size * (size - 1)) / 2));
  }
  return max;
}

}  // namespace clustr::scoring
