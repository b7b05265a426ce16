#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_SCORED_BUNDLE_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_SCORED_BUNDLE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/bundle_query.h"
#include "services/bundles/scoring/heuristic.h"

namespace clustr::scoring {

// Stands for any product that neither sales nor catalog has ever named.
inline constexpr Item kUnknownItem = UINT32_MAX;

// A bundle and its figures in the population. Prices are the current ones of catalog.
struct ScoredBundle {
  std::vector<Item> items;  // Ascending by SKU.
  double score = 0;
  int64_t count = 0;         // Number of baskets that hold all of it.
  int64_t basket_count = 0;  // N, the number of baskets of the population.
  double confidence = 0;     // All-confidence: count / largest single count.
  // count * N / (c1 * c2) as one division of exact integers, then multiplied by N / ci for each
  // further product in the order of SKUs. So a pair has exactly the lift of its rules. 0 if a
  // product was never sold.
  double lift = 0;
  double support = 0;
  int64_t total_price_cents = 0;
  std::optional<int64_t> total_margin_cents;  // Unset if a cost is unknown.
  // That it is bought within the model's horizon; unset if the model is not calibrated.
  std::optional<double> probability;
  bool rests_on_all_baskets = false;  // The score does, because the population is small.
  // Set if the score is that of a bundle with similar products in the place of some that were
  // hardly or never sold: how alike they are, from 0 to 1.
  std::optional<double> likeness;
};

struct BundleMoney {
  int64_t total_price_cents = 0;
  std::optional<int64_t> total_margin_cents;  // Unset if a cost is unknown.
};
// A product that catalog does not know adds nothing to the price and makes the margin unset.
BundleMoney MoneyOf(const index::Snapshot& snapshot, absl::Span<const Item> items);

void SortBySku(const index::Snapshot& snapshot, std::vector<Item>& items);

// True if the share of `items` that are also in `earlier`, a better result, is above what the query
// allows.
bool OverlapsTooMuch(const BundleQuery& query, absl::Span<const Item> items,
                     absl::Span<const Item> earlier);
// The same for a bundle of `size` products that has `common` of them, anchors included, in common
// with it.
bool OverlapsTooMuch(const BundleQuery& query, size_t common, size_t size);

// The score of `items`, given strength(a, b) of each pair. `items` must be ascending by SKU; as the
// strengths are added up in that order, equal bundles have equal scores to the bit.
template <typename Strength>
double ScoreOf(absl::Span<const Item> items, Strength strength) {
  double sum = 0;
  for (size_t i = 0; i < items.size(); ++i) {
    for (size_t j = i + 1; j < items.size(); ++j) sum += strength(items[i], items[j]);
  }
  return HeuristicScore(sum / static_cast<double>(items.size() * (items.size() - 1) / 2));
}

// Computes the figures of a bundle. `items` must be ascending by SKU, and singles[i] must be the
// count of items[i].
ScoredBundle DescribeBundle(const index::Snapshot& snapshot, std::vector<Item> items, double score,
                            int64_t count, absl::Span<const int64_t> singles, int64_t basket_count);

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_SCORED_BUNDLE_H_
