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

// What products are recommended for; see v1.ProductIntent. heuristic-v0 knows kBasket only. Those
// that no model scores are in intents/.
enum class ProductIntent { kBasket, kNextBasket, kBuyAgain, kDiscover };

// Which products are recommended for a basket. All bounds are hard. The defaults are those of
// v1.ProductConstraints and v1.RecommendProductsRequest.
struct ProductQuery {
  std::vector<Item> basket;  // In any order.
  // If true, a customer's history takes the place of the basket, whose products may be recommended
  // again.
  bool basket_is_history = false;
  // The customer, for models that use the history besides a basket.
  std::optional<int64_t> customer_id;
  ProductIntent intent = ProductIntent::kBasket;
  std::optional<int64_t> min_price_cents;
  std::optional<int64_t> max_price_cents;
  std::optional<double> min_margin_ratio;  // If set, products with an unknown cost are left out.
  ProductBounds products;
  size_t limit = 10;
};

inline constexpr size_t kMaxReasons = 3;

// The baskets that a score rests on; see v1.RecommendationBasis.
enum class Basis { kPopulation, kAllBaskets, kAttributes };

struct ScoredProduct {
  Item item = 0;
  double score = 0;
  // The products of the basket (or of the history) that contribute most to it, best first; for
  // heuristic-v0, those with the highest confidence for it. At most kMaxReasons.
  std::vector<Item> because = {};
  Basis basis = Basis::kPopulation;
};

// The best products to add to the basket by heuristic-v0. The score of product p is the largest
// count_bp / count_b over the other products b of the basket; if the basket is empty, it is count_p
// / N. Ties, and products that score 0, are ordered by count_p, then by SKU; products that were
// never sold come last.
//
// `item_counts` must be CountItems(snapshot, selection); it may be empty if the selection is
// everything. Pair counts then come from `co_counts`, otherwise from the posting lists of the
// basket's products.
std::vector<ScoredProduct> RecommendProducts(const index::Snapshot& snapshot,
                                             const index::Selection& selection,
                                             absl::Span<const uint32_t> item_counts,
                                             const ProductQuery& query, index::CoCounts& co_counts);

// The number of products that RecommendProducts would return, which does not depend on the
// selection. O(products).
size_t CountProducts(const index::Snapshot& snapshot, const ProductQuery& query);

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_PRODUCT_SEARCH_H_
