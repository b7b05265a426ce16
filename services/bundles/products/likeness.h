#ifndef CLUSTR_SERVICES_BUNDLES_PRODUCTS_LIKENESS_H_
#define CLUSTR_SERVICES_BUNDLES_PRODUCTS_LIKENESS_H_

#include <cstdint>
#include <vector>

#include "services/bundles/index/population.h"

namespace clustr::products {

// What a product is, for comparisons: all that there is to go by if it was hardly ever sold.
// Borrows the product.
struct ProductTraits {
  explicit ProductTraits(const index::Product& product);

  const index::Product& product;
  std::vector<uint64_t>
      words;  // Hashes of the words of the name in lower case; ascending, distinct.
};

// How alike two products are, from 0 to 1:
//   0.35, if they are of the same category
//   + 0.2, if they are of the same brand
//   + 0.3 * (the words that both names have) / (the words that either has)
//   + 0.15 * max(0, 1 - |log2 of the ratio of the prices| / 2), if both have a price.
// An unset category or brand is not the same as any.
double Likeness(const ProductTraits& a, const ProductTraits& b);

}  // namespace clustr::products

#endif  // CLUSTR_SERVICES_BUNDLES_PRODUCTS_LIKENESS_H_
