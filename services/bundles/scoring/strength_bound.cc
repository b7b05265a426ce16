#include "services/bundles/scoring/strength_bound.h"

#include <algorithm>

namespace clustr::scoring {

StrengthBound::StrengthBound(const PairStrengths& strengths, size_t item_count)
    : strengths_(strengths), greatest_of_(item_count) {
  strengths.ForEach([&](Item a, Item b, double strength) {
    for (const Item item : {a, b}) {
      greatest_of_[item] = std::max(greatest_of_[item], strength);
    }
    greatest_ = std::max(greatest_, strength);
  });
}

double StrengthBound::OfLarger(absl::Span<const Item> items, size_t max_items) const {
  double inside = 0;   // Sum over the pairs of `items`.
  double outward = 0;  // At least that over the pairs of all of them with one further product.
  for (size_t i = 0; i < items.size(); ++i) {
    outward += greatest_of_[items[i]];
    for (size_t j = i + 1; j < items.size(); ++j) inside += strengths_.Of(items[i], items[j]);
  }
  double greatest = 0;
  for (size_t size = items.size() + 1; size <= max_items; ++size) {
    const double further = static_cast<double>(size - items.size());
    const double sum = inside + further * outward + further * (further - 1) / 2 * greatest_;
    greatest = std::max(greatest, sum / (static_cast<double>(size * (size - 1)) / 2));
  }
  return greatest;
}

}  // namespace clustr::scoring
