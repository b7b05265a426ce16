#include "tests/fuzz/streams/stream_messages.h"

namespace clustr::fuzz {

sales::v1::StreamSalesResponse HonestSales() {
  sales::v1::StreamSalesResponse message;
  for (int64_t id = 1; id <= 3; ++id) {
    sales::v1::BasketChange& change = *message.add_changes();
    change.set_transaction_id(id);
    change.set_customer_id(1);
    change.set_time_id(1);
    change.set_epoch_day(19'000);
    change.set_channel("Store");
    for (int64_t sku = 1; sku <= 2; ++sku) {
      change.add_product_sku(sku);
      change.add_quantity(1);
      change.add_unit_price_cents(150);
    }
  }
  message.set_store_id("honest-sales");
  message.set_revision(3);
  message.set_head_revision(3);
  return message;
}

catalog::v1::StreamCatalogResponse HonestCatalog() {
  catalog::v1::StreamCatalogResponse message;
  for (int64_t sku = 1; sku <= 2; ++sku) {
    catalog::v1::Product& product = *message.add_changes()->mutable_product();
    product.set_product_sku(sku);
    product.set_product_name("Cup");
    product.set_price(1.5);
  }
  message.add_changes()->mutable_customer()->set_customer_id(1);
  catalog::v1::Timeframe& day = *message.add_changes()->mutable_timeframe();
  day.set_time_id(1);
  day.set_date("2022-01-08");
  message.set_store_id("honest-catalog");
  message.set_revision(4);
  message.set_head_revision(4);
  return message;
}

}  // namespace clustr::fuzz
