#include "common/streaming/inspection/inspection.h"

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace clustr::streaming {
namespace {

using catalog::v1::CatalogChange;
using catalog::v1::StreamCatalogResponse;
using sales::v1::BasketChange;
using sales::v1::StreamSalesResponse;

StreamSalesResponse HonestSales() {
  StreamSalesResponse message;
  for (int64_t id = 1; id <= 2; ++id) {
    BasketChange& change = *message.add_changes();
    change.set_transaction_id(id);
    change.set_customer_id(1);
    change.set_time_id(1);
    change.set_epoch_day(19'000);
    change.add_product_sku(7);
    change.add_quantity(1);
    change.add_unit_price_cents(0);
  }
  BasketChange& voided = *message.add_changes();
  voided.set_transaction_id(3);
  voided.set_deleted(true);
  return message;
}

TEST(InspectionTest, WhatSalesSendsIsFine) { EXPECT_EQ(WhyRefused(HonestSales()), ""); }

TEST(InspectionTest, WhatSalesCannotStoreIsNamed) {
  const std::vector<std::pair<std::string, std::function<void(BasketChange*)>>> wrong = {
      {"transaction_id: 0 is not an id", [](auto* c) { c->set_transaction_id(0); }},
      {"transaction_id: -4 is not an id", [](auto* c) { c->set_transaction_id(-4); }},
      {"customer_id: -1 is not an id", [](auto* c) { c->set_customer_id(-1); }},
      {"time_id: 9007199254740992 is not", [](auto* c) { c->set_time_id(int64_t{1} << 53); }},
      {"epoch_day: 2932897 is not", [](auto* c) { c->set_epoch_day(2'932'897); }},
      {"epoch_day: -2147483648 is not", [](auto* c) { c->set_epoch_day(INT32_MIN); }},
      {"product_sku[0]: -7 is not an id", [](auto* c) { c->set_product_sku(0, -7); }},
      {"quantity[0]: -1 is below 1", [](auto* c) { c->set_quantity(0, -1); }},
      {"quantity[0]: 0 is below 1", [](auto* c) { c->set_quantity(0, 0); }},
      {"unit_price_cents[0]: -1 is below 0", [](auto* c) { c->set_unit_price_cents(0, -1); }},
      {"quantity: has 2 entries for 1 lines", [](auto* c) { c->add_quantity(1); }},
      {"unit_price_cents: has 0 entries", [](auto* c) { c->clear_unit_price_cents(); }},
  };
  for (const auto& [why, spoil] : wrong) {
    StreamSalesResponse message = HonestSales();
    spoil(message.mutable_changes(1));
    EXPECT_EQ(WhyRefused(message).substr(0, 11 + why.size()), "changes[1]." + why);
  }
}

StreamCatalogResponse HonestCatalog() {
  StreamCatalogResponse message;
  catalog::v1::Product& product = *message.add_changes()->mutable_product();
  product.set_product_sku(7);
  product.set_price(0.1 + 0.2);
  message.add_changes()->mutable_customer()->set_customer_id(1);
  message.add_changes()->mutable_timeframe()->set_time_id(1);
  message.add_changes()->set_deleted_product_sku(8);
  message.add_changes()->set_deleted_customer_id(2);
  message.add_changes()->set_deleted_time_id(2);
  return message;
}

TEST(InspectionTest, WhatCatalogSendsIsFine) { EXPECT_EQ(WhyRefused(HonestCatalog()), ""); }

TEST(InspectionTest, WhatCatalogCannotStoreIsNamed) {
  const std::vector<std::pair<std::string, std::function<void(CatalogChange*)>>> wrong = {
      {"product.product_sku: 0 is not", [](auto* c) { c->mutable_product(); }},
      {"product.price: nan is not",
       [](auto* c) {
         c->mutable_product()->set_product_sku(1);
         c->mutable_product()->set_price(NAN);
       }},
      {"product.price: inf is not",
       [](auto* c) {
         c->mutable_product()->set_product_sku(1);
         c->mutable_product()->set_price(std::numeric_limits<double>::infinity());
       }},
      {"product.unit_cost: -2.5 is not",
       [](auto* c) {
         c->mutable_product()->set_product_sku(1);
         c->mutable_product()->set_unit_cost(-2.5);
       }},
      {"customer.customer_id: -1 is not",
       [](auto* c) { c->mutable_customer()->set_customer_id(-1); }},
      {"timeframe.time_id: -1 is not", [](auto* c) { c->mutable_timeframe()->set_time_id(-1); }},
      {"deleted_product_sku: 0 is not", [](auto* c) { c->set_deleted_product_sku(0); }},
      {"deleted_customer_id: -1 is not", [](auto* c) { c->set_deleted_customer_id(-1); }},
      {"deleted_time_id: -1 is not", [](auto* c) { c->set_deleted_time_id(-1); }},
      {"row: is not set", [](auto* c) { c->Clear(); }},
  };
  for (const auto& [why, spoil] : wrong) {
    StreamCatalogResponse message = HonestCatalog();
    spoil(message.mutable_changes(2));
    EXPECT_EQ(WhyRefused(message).substr(0, 11 + why.size()), "changes[2]." + why);
  }
}

TEST(InspectionTest, ARowOfANewerVersionIsFine) {
  StreamCatalogResponse message = HonestCatalog();
  message.mutable_changes(0)->ParseFromString("\xa2\x06\x03new");  // Field 100.
  EXPECT_EQ(WhyRefused(message), "");
}

}  // namespace
}  // namespace clustr::streaming
