#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_INTENTS_LIKENESS_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_INTENTS_LIKENESS_H_

#include <cstddef>
#include <vector>

#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/product_offers.h"

// Products that are like another one by what catalog says of them, for products that were hardly or
// never sold. Pure functions.
namespace clustr::scoring {

// The parts of the score of a product that is like the original by its attributes alone.
struct AttributeParts {
  double category = 0;  // 0.5 if it is the same, otherwise all parts are 0.
  double brand = 0;     // 0.25 if it is the same and set.
  double price = 0;     // 0.25 * the lower price / the higher one.

  double sum() const { return category + brand + price; }
};
AttributeParts CompareAttributes(const index::Product& a, const index::Product& b);

struct LikeProduct {
  Item item = 0;
  double score = 0;  // The sum of its parts.
};

// The products of the same category as `original` that may be offered, best first: by score, then
// by the number of all baskets that hold them, then by SKU. None if catalog does not know the
// original, or it has no category. O(products).
std::vector<LikeProduct> MostAlike(const index::Snapshot& snapshot, Item original,
                                   const ProductOffers& offers, size_t limit);

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_INTENTS_LIKENESS_H_
