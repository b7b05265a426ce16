#include "services/bundles/state/from_stream.h"

#include "common/schema/money.h"

namespace clustr::bundles {

index::Basket BasketOf(const sales::v1::BasketChange& change) {
  return {.transaction_id = change.transaction_id(),
          .customer_id = change.customer_id(),
          .epoch_day = change.epoch_day(),
          .channel = change.channel(),
          .payment_type = change.payment_type(),
          .product_skus = {change.product_sku().begin(), change.product_sku().end()}};
}

index::Customer CustomerOf(const catalog::v1::Customer& customer) {
  index::Customer result = {.gender = customer.gender(),
                            .age = std::nullopt,
                            .income_level = customer.income_level(),
                            .customer_segment = customer.customer_segment(),
                            .shopping_preference = customer.shopping_preference(),
                            .city = customer.city(),
                            .external_id = customer.external_id(),
                            .guest = customer.guest()};
  if (customer.has_age()) result.age = customer.age();
  return result;
}

index::Product ProductOf(const catalog::v1::Product& product) {
  index::Product result = {.name = product.product_name(),
                           .category = product.category(),
                           .brand = product.brand(),
                           .price_cents = schema::CentsOf(product.price()).value_or(0),
                           .unit_cost_cents = std::nullopt,
                           .in_stock = !product.has_in_stock() || product.in_stock(),
                           .external_id = product.external_id()};
  if (product.has_unit_cost()) result.unit_cost_cents = schema::CentsOf(product.unit_cost());
  return result;
}

}  // namespace clustr::bundles
