#include "services/bundles/scoring/scored_bundle.h"

#include <algorithm>
#include <utility>

#include "services/bundles/mining/measures/measures.h"

namespace clustr::scoring {

using index::Snapshot;

BundleMoney MoneyOf(const Snapshot& snapshot, absl::Span<const Item> items) {
  int64_t price_cents = 0;
  int64_t cost_cents = 0;
  bool costs_known = true;
  for (Item item : items) {
    const index::Product* product = snapshot.product(item);
    if (product != nullptr) price_cents += product->price_cents;
    costs_known = costs_known && product != nullptr && product->unit_cost_cents.has_value();
    if (costs_known) cost_cents += *product->unit_cost_cents;
  }
  if (!costs_known) return {price_cents, std::nullopt};
  return {price_cents, price_cents - cost_cents};
}

void SortBySku(const Snapshot& snapshot, std::vector<Item>& items) {
  std::sort(items.begin(), items.end(),
            [&](Item a, Item b) { return snapshot.sku_of(a) < snapshot.sku_of(b); });
}

bool OverlapsTooMuch(const BundleQuery& query, absl::Span<const Item> items,
                     absl::Span<const Item> earlier) {
  if (!query.max_overlap) return false;
  const auto common = std::count_if(items.begin(), items.end(), [&](Item item) {
    return std::find(earlier.begin(), earlier.end(), item) != earlier.end();
  });
  return OverlapsTooMuch(query, static_cast<size_t>(common), items.size());
}

bool OverlapsTooMuch(const BundleQuery& query, size_t common, size_t size) {
  if (!query.max_overlap) return false;
  // Every bundle contains all anchors.
  const size_t ignored = query.overlap_is_preference ? query.anchors.size() : 0;
  return size > ignored &&
         static_cast<double>(common - ignored) / static_cast<double>(size - ignored) >
             *query.max_overlap;
}

ScoredBundle DescribeBundle(const Snapshot& snapshot, std::vector<Item> items, double score,
                            int64_t count, absl::Span<const int64_t> singles,
                            int64_t basket_count) {
  const int64_t largest_single = *std::max_element(singles.begin(), singles.end());
  ScoredBundle bundle;
  bundle.score = score;
  bundle.count = count;
  bundle.basket_count = basket_count;
  bundle.confidence = mining::Confidence({.count_a = largest_single,
                                          .count_b = count,
                                          .count_ab = count,
                                          .basket_count = basket_count});
  bundle.support = mining::Support({.count_ab = count, .basket_count = basket_count});
  bundle.lift = mining::Lift({.count_a = singles[0],
                              .count_b = singles[1],
                              .count_ab = count,
                              .basket_count = basket_count});
  for (int64_t single : singles.subspan(2)) {
    if (single > 0) bundle.lift *= static_cast<double>(basket_count) / static_cast<double>(single);
  }
  const BundleMoney money = MoneyOf(snapshot, items);
  bundle.total_price_cents = money.total_price_cents;
  bundle.total_margin_cents = money.total_margin_cents;
  bundle.items = std::move(items);
  return bundle;
}

}  // namespace clustr::scoring
