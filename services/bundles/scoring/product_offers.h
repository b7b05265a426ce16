#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_PRODUCT_OFFERS_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_PRODUCT_OFFERS_H_

#include <vector>

#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/product_filter.h"
#include "services/bundles/scoring/product_search.h"

namespace clustr::scoring {

// Decides which products may be recommended: those that satisfy the bounds of a query, that catalog
// knows, and that are not in the basket (unless it is a history). Thread-safe; borrows its
// arguments.
class ProductOffers {
 public:
  ProductOffers(const index::Snapshot& snapshot, const ProductQuery& query);

  bool Has(Item item) const;

 private:
  bool Satisfies(const index::Product& product) const;

  const index::Snapshot& snapshot_;
  const ProductQuery& query_;
  const ProductFilter filter_;
  std::vector<Item> held_;  // Ascending.
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_PRODUCT_OFFERS_H_
