#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_SCORED_BUNDLE_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_SCORED_BUNDLE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/heuristic.h"

namespace clustr::scoring {

// Stands for a product that nobody has bought or heard of.
inline constexpr Item kUnknownItem = UINT32_MAX;

// A bundle and its figures in the population. Prices are those that catalog has now.
struct ScoredBundle {
  std::vector<Item> items;  // Ascending by SKU.
  double score = 0;
  int64_t count = 0;  // Baskets that hold all of it.
  int64_t basket_count = 0;
  double confidence = 0;  // All-confidence: count / largest single count.
  // count * N / (c1 * c2) as one division of exact integers, then times N / ci for each further
  // product by SKU, so that a pair has the lift of its rules. 0 if a product was never sold.
  double lift = 0;
  double support = 0;
  int64_t total_price_cents = 0;
  std::optional<int64_t> total_margin_cents;  // Unset if a cost is unknown.
};

struct BundleMoney {
  int64_t total_price_cents = 0;
  std::optional<int64_t> total_margin_cents;  // Unset if a cost is unknown.
};
// A product that catalog does not know adds nothing to the price and leaves the margin unset.
BundleMoney MoneyOf(const index::Snapshot& snapshot, absl::Span<const Item> items);

void SortBySku(const index::Snapshot& snapshot, std::vector<Item>& items);

// Products of `items` that are in `earlier`, too, over the number of `items`.
double Overlap(absl::Span<const Item> items, absl::Span<const Item> earlier);

// The score of `items`, ascending by SKU, from `strength(a, b)` of each pair. Adds up in their
// order: the same bundle has the same score to the bit.
template <typename Strength>
double ScoreOf(absl::Span<const Item> items, Strength strength) {
  double sum = 0;
  for (size_t i = 0; i < items.size(); ++i) {
    for (size_t j = i + 1; j < items.size(); ++j) sum += strength(items[i], items[j]);
  }
  return HeuristicScore(sum / static_cast<double>(items.size() * (items.size() - 1) / 2));
}

// A bundle of `items`, ascending by SKU, whose single counts are `singles`, in their order.
ScoredBundle DescribeBundle(const index::Snapshot& snapshot, std::vector<Item> items, double score,
                            int64_t count, absl::Span<const int64_t> singles, int64_t basket_count);

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_SCORED_BUNDLE_H_
