#include "services/bundles/scoring/intents/likeness.h"

#include <algorithm>

namespace clustr::scoring {

AttributeParts CompareAttributes(const index::Product& a, const index::Product& b) {
  AttributeParts parts;
  if (a.category.empty() || a.category != b.category) return parts;
  parts.category = 0.5;
  if (!a.brand.empty() && a.brand == b.brand) parts.brand = 0.25;
  const auto [lower, higher] = std::minmax(a.price_cents, b.price_cents);
  parts.price =
      higher == 0 ? 0.25 : 0.25 * (static_cast<double>(lower) / static_cast<double>(higher));
  return parts;
}

std::vector<LikeProduct> MostAlike(const index::Snapshot& snapshot, Item original,
                                   const ProductOffers& offers, size_t limit) {
  std::vector<LikeProduct> found;
  const index::Product* like = snapshot.product(original);
  if (like == nullptr) return found;
  for (Item item = 0; item < snapshot.item_count(); ++item) {
    const index::Product* product = snapshot.product(item);
    if (product == nullptr || item == original) continue;
    const double score = CompareAttributes(*like, *product).sum();
    if (score > 0 && offers.Has(item)) found.push_back({item, score});
  }
  std::sort(found.begin(), found.end(), [&](const LikeProduct& a, const LikeProduct& b) {
    if (a.score != b.score) return a.score > b.score;
    const int64_t of_a = snapshot.live_count(a.item);
    const int64_t of_b = snapshot.live_count(b.item);
    return of_a != of_b ? of_a > of_b : snapshot.sku_of(a.item) < snapshot.sku_of(b.item);
  });
  if (found.size() > limit) found.resize(limit);
  return found;
}

}  // namespace clustr::scoring
