#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_SEARCH_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_SEARCH_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/heuristic.h"
#include "services/bundles/scoring/product_filter.h"
#include "services/bundles/scoring/scored_bundle.h"

namespace clustr::scoring {

// Bounds on the bundles that are recommended, all of them hard.
struct BundleQuery {
  int min_items = 2;  // At least 2.
  int max_items = 4;
  double min_support = 0.001;   // In [0, 1].
  double min_confidence = 0.1;  // All-confidence.
  int64_t min_count = 2;
  std::optional<int64_t> min_total_price_cents;
  std::optional<int64_t> max_total_price_cents;
  std::optional<double> min_margin_ratio;  // Leaves out bundles with an unknown cost.
  ProductBounds products;                  // Of each product, the anchors too.
  std::vector<Item> anchors;               // Every bundle contains all of these.
  size_t limit = 20;
  // More bundles within min_support and min_count than this are not searched: RESOURCE_EXHAUSTED.
  int64_t max_candidates = 50'000'000;
};

// The best bundles of the selection that satisfy the query by heuristic-v0's score, best first,
// ties by their SKUs. `reference` is that of the same snapshot and selection. Costs a mining pass
// over the selection, or over the baskets with all anchors; a second one for pairs if the query
// admits bundles rarer than the reference pairs.
absl::StatusOr<std::vector<ScoredBundle>> RecommendBundles(const index::Snapshot& snapshot,
                                                           const index::Selection& selection,
                                                           const ReferencePairs& reference,
                                                           const BundleQuery& query);

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_SEARCH_H_
