#ifndef CLUSTR_SERVICES_BUNDLES_PRODUCTS_TRAINED_SEARCH_H_
#define CLUSTR_SERVICES_BUNDLES_PRODUCTS_TRAINED_SEARCH_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/products/served_model.h"
#include "services/bundles/scoring/product_search.h"

namespace clustr::products {

// For a population of fewer baskets, the basis is ALL_BASKETS.
inline constexpr int64_t kMinPopulationBaskets = 30;
// Baskets of the average population that are added to each product's share in a population.
inline constexpr double kShareBaskets = 7;
// What a product scores that the model does not know, but that is entirely like one of the
// evidence.
inline constexpr double kLikenessScore = 1e-9;

// Scores by a trained model the products to recommend. By the intent of the query:
//   - kBasket: by the completion task, with the customer's history if there is a customer; without
//     a basket like kNextBasket;
//   - kNextBasket: by the next-basket task, to a customer with a history;
//   - kDiscover: like kBasket, but without the products that the customer has bought;
//   - kBuyAgain: only products that DueProducts returns, by their `times`.
// If nothing in the basket has links, but products of it are cold (ColdItems), those that are like
// them stand in for the basket (StandInsFor); the basis is then ATTRIBUTES, and the cold ones are
// the reasons. ATTRIBUTES is also the basis of products that the model does not know. If there are
// too few products with a score above 0, such a product scores kLikenessScore times its likeness to
// the basket, or to what the customer bought most often (LikenessToAny), otherwise 0.
//
// nullopt if the intent needs a history and there is none, or if no product of the basket is known
// to the model: then the model has nothing to say. `query.basket` counts as empty if it is a
// history.
//
// In a population p of N' of the N baskets, a score above 0 is multiplied by the share of the
// population among the buyers of the product relative to all baskets,
//   (n'(p) + k N'/N) / (n(p) + k) / (N'/N), with k = kShareBaskets.
// Ties are ordered by n'(p), then by SKU.
//
// `item_counts` must be CountItems(snapshot, selection); it may be empty if the selection is
// everything. O(links of the basket and history + products).
std::optional<std::vector<scoring::ScoredProduct>> RecommendTrained(
    const ServedModel& model, const index::Snapshot& snapshot, const index::Selection& selection,
    absl::Span<const uint32_t> item_counts, const scoring::ProductQuery& query);

// One part of the score of a product; see v1.ProductScorePart. Every method that scores products
// gives its parts in this form.
struct ProductPart {
  const char* feature;
  double value = 0;
  double contribution = 0;
  std::optional<Item> from;  // The product of the evidence that it is about.
};

struct ExplainedProduct {
  scoring::ScoredProduct scored;
  double population_factor = 1;
  // They add up, times the factor, to the score but for the rounding of single precision.
  std::vector<ProductPart> parts;
  bool kept_out = false;  // The intent keeps the product out of any answer.
};

// The score that RecommendTrained gives to `item`, and its parts; nullopt where that returns
// nullopt. A product unknown to the model is scored by its likeness, as if there were room for it.
std::optional<ExplainedProduct> ExplainTrained(const ServedModel& model,
                                               const index::Snapshot& snapshot,
                                               const index::Selection& selection,
                                               absl::Span<const uint32_t> item_counts,
                                               const scoring::ProductQuery& query, Item item);

}  // namespace clustr::products

#endif  // CLUSTR_SERVICES_BUNDLES_PRODUCTS_TRAINED_SEARCH_H_
