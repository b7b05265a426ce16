#include "services/bundles/scoring/product_offers.h"

#include <algorithm>
#include <optional>

namespace clustr::scoring {

ProductOffers::ProductOffers(const index::Snapshot& snapshot, const ProductQuery& query)
    : snapshot_(snapshot), query_(query), filter_(query.products) {
  if (!query.basket_is_history) held_ = query.basket;
  std::sort(held_.begin(), held_.end());
}

bool ProductOffers::Has(Item item) const {
  return filter_.Allows(snapshot_, item) && Satisfies(*snapshot_.product(item)) &&
         !std::binary_search(held_.begin(), held_.end(), item);
}

bool ProductOffers::Satisfies(const index::Product& product) const {
  if (product.price_cents < query_.min_price_cents.value_or(INT64_MIN)) return false;
  if (product.price_cents > query_.max_price_cents.value_or(INT64_MAX)) return false;
  if (!query_.min_margin_ratio) return true;
  std::optional<int64_t> margin_cents;
  if (product.unit_cost_cents) margin_cents = product.price_cents - *product.unit_cost_cents;
  return MeetsMargin(margin_cents, product.price_cents, *query_.min_margin_ratio);
}

}  // namespace clustr::scoring
