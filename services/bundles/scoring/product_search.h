#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_PRODUCT_SEARCH_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_PRODUCT_SEARCH_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/index/co_counts.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/product_filter.h"

namespace clustr::scoring {

// Bounds on the products that are recommended, all of them hard.
struct ProductQuery {
  std::vector<Item> basket;  // In any order.
  // The basket is a customer's history: its products may be recommended too.
  bool basket_is_history = false;
  std::optional<int64_t> min_price_cents;
  std::optional<int64_t> max_price_cents;
  std::optional<double> min_margin_ratio;  // Leaves out products with an unknown cost.
  ProductBounds products;
  size_t limit = 10;
};

struct ScoredProduct {
  Item item = 0;
  double score = 0;
  // Products of the basket that speak most for it, best first: at most 3, none if the score is 0.
  std::vector<Item> because;
};

// The best products to add to the basket by heuristic-v0. The score of p is the largest
// count_bp / count_b over the other products b of the basket; with an empty basket count_p / N.
// Ties, and products without a score, by count_p, then by SKU; products never sold come last.
//
// `item_counts` are CountItems(snapshot, selection), and may be left out if the selection is
// everything: then `co_counts` gives the counts of pairs, else the postings of the basket do.
std::vector<ScoredProduct> RecommendProducts(const index::Snapshot& snapshot,
                                             const index::Selection& selection,
                                             absl::Span<const uint32_t> item_counts,
                                             const ProductQuery& query, index::CoCounts& co_counts);

// How many products RecommendProducts would answer with, whatever the selection. O(products).
size_t CountProducts(const index::Snapshot& snapshot, const ProductQuery& query);

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_PRODUCT_SEARCH_H_
