#ifndef CLUSTR_SERVICES_BUNDLES_STATE_FROM_STREAM_H_
#define CLUSTR_SERVICES_BUNDLES_STATE_FROM_STREAM_H_

#include <utility>

#include "clustr/catalog/v1/catalog_stream_service.pb.h"
#include "clustr/sales/v1/sales_stream_service.pb.h"
#include "services/bundles/index/population.h"

// Translation of the streams of sales and catalog into changes of a copy of the shop.
namespace clustr::bundles {

// Pure functions.
index::Basket BasketOf(const sales::v1::BasketChange& change);
index::Customer CustomerOf(const catalog::v1::Customer& customer);
index::Product ProductOf(const catalog::v1::Product& product);

// Apply the changes of a message to `shop`, an index::ShopIndex or a rules::ReferenceShop. Changes
// of products are ignored if the shop holds none.
template <class Shop>
void ApplyChanges(const sales::v1::StreamSalesResponse& message, Shop* shop);
template <class Shop>
void ApplyChanges(const catalog::v1::StreamCatalogResponse& message, Shop* shop);

template <class Shop>
void ApplyChanges(const sales::v1::StreamSalesResponse& message, Shop* shop) {
  for (const auto& change : message.changes()) {
    if (change.product_sku().empty()) {
      shop->RemoveBasket(change.transaction_id());
    } else {
      shop->PutBasket(BasketOf(change));
    }
  }
}

template <class Shop>
void ApplyChanges(const catalog::v1::StreamCatalogResponse& message, Shop* shop) {
  using Change = catalog::v1::CatalogChange;
  constexpr bool kHoldsProducts = requires { shop->RemoveProduct(0); };
  for (const Change& change : message.changes()) {
    if (change.row_case() == Change::kCustomer) {
      shop->PutCustomer(change.customer().customer_id(), CustomerOf(change.customer()));
    } else if (change.row_case() == Change::kDeletedCustomerId) {
      shop->RemoveCustomer(change.deleted_customer_id());
    } else if constexpr (kHoldsProducts) {
      if (change.row_case() == Change::kProduct) {
        shop->PutProduct(change.product().product_sku(), ProductOf(change.product()));
      } else if (change.row_case() == Change::kDeletedProductSku) {
        shop->RemoveProduct(change.deleted_product_sku());
      }
    }
  }
}

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_STATE_FROM_STREAM_H_
