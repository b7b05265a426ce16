#include "services/bundles/recommend/products/refused_product.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/bundles/scoring/product_filter.h"
#include "services/bundles/scoring/product_offers.h"

namespace clustr::bundles {
namespace {

using Constraints = v1::ProductConstraints;
using scoring::ProductQuery;

// A query with no bound at all.
ProductQuery Unbounded() {
  ProductQuery query;
  query.products.in_stock_only = false;
  return query;
}

}  // namespace

bool AddRefusals(const index::Snapshot& shop, const ProductQuery& query, mining::Item item,
                 v1::ExplainProductResponse* response) {
  if (shop.product(item) == nullptr) {
    response->add_excluded_by("product_sku");
    return true;
  }
  const auto& basket = query.basket;
  if (std::find(basket.begin(), basket.end(), item) != basket.end()) {
    response->add_excluded_by("basket_skus");
  }
  const auto test = [&](int number, auto set_bound) {
    ProductQuery only = Unbounded();
    set_bound(&only);
    if (scoring::ProductOffers(shop, only).Has(item)) return;
    response->add_excluded_by(
        absl::StrCat("constraints.", Constraints::descriptor()->FindFieldByNumber(number)->name()));
  };
  test(Constraints::kMinPriceFieldNumber,
       [&](ProductQuery* only) { only->min_price_cents = query.min_price_cents; });
  test(Constraints::kMaxPriceFieldNumber,
       [&](ProductQuery* only) { only->max_price_cents = query.max_price_cents; });
  test(Constraints::kMinMarginRatioFieldNumber,
       [&](ProductQuery* only) { only->min_margin_ratio = query.min_margin_ratio; });
  test(Constraints::kInStockOnlyFieldNumber,
       [&](ProductQuery* only) { only->products.in_stock_only = query.products.in_stock_only; });
  test(Constraints::kCategoriesFieldNumber,
       [&](ProductQuery* only) { only->products.categories = query.products.categories; });
  test(Constraints::kBrandsFieldNumber,
       [&](ProductQuery* only) { only->products.brands = query.products.brands; });
  test(Constraints::kExcludedSkusFieldNumber,
       [&](ProductQuery* only) { only->products.excluded = query.products.excluded; });
  test(Constraints::kExcludePurchasedDaysFieldNumber,
       [&](ProductQuery* only) { only->products.purchased = query.products.purchased; });
  return response->excluded_by_size() > 0;
}

}  // namespace clustr::bundles
