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
using sales::v1::BasketChange;

template <class Change>
using Spoilt = std::vector<std::pair<std::string, std::function<void(Change*)>>>;

BasketChange Purchase() {
  BasketChange change;
  change.set_transaction_id(4);
  change.set_customer_id(1);
  change.set_time_id(1);
  change.set_epoch_day(19'000);
  change.add_product_sku(7);
  change.add_quantity(1);
  change.add_unit_price_cents(0);
  return change;
}

TEST(InspectionTest, WhatSalesSendsIsFine) {
  EXPECT_EQ(WhyWrong(Purchase()), "");
  BasketChange voided;
  voided.set_transaction_id(3);
  EXPECT_EQ(WhyWrong(voided), "") << "all of it came back";
  voided.set_deleted(true);
  EXPECT_EQ(WhyWrong(voided), "");
}

TEST(InspectionTest, WhatSalesCannotStoreIsNamed) {
  const Spoilt<BasketChange> wrong = {
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
      {"deleted: is true, but there are 1 lines", [](auto* c) { c->set_deleted(true); }},
  };
  for (const auto& [why, spoil] : wrong) {
    BasketChange change = Purchase();
    spoil(&change);
    EXPECT_EQ(WhyWrong(change).substr(0, why.size()), why);
    EXPECT_EQ(WhyNameless(change), "");
  }
}

TEST(InspectionTest, APurchaseWithoutAnIdIsNameless) {
  for (const int64_t id : {int64_t{0}, int64_t{-4}, int64_t{1} << 53}) {
    BasketChange change = Purchase();
    change.set_transaction_id(id);
    EXPECT_EQ(WhyNameless(change),
              "transaction_id: " + std::to_string(id) + " is not an id from 1 to 9007199254740991");
  }
}

template <class Spoil>
CatalogChange Made(const Spoil& spoil) {
  CatalogChange change;
  spoil(&change);
  return change;
}

TEST(InspectionTest, WhatCatalogSendsIsFine) {
  const std::vector<std::function<void(CatalogChange*)>> fine = {
      [](auto* c) {
        c->mutable_product()->set_product_sku(7);
        c->mutable_product()->set_price(0.1 + 0.2);
      },
      [](auto* c) { c->mutable_customer()->set_customer_id(1); },
      [](auto* c) {
        c->mutable_timeframe()->set_time_id(1);
        c->mutable_timeframe()->set_date("2024-02-29");
      },
      [](auto* c) { c->set_deleted_product_sku(8); },
      [](auto* c) { c->set_deleted_customer_id(2); },
      [](auto* c) { c->set_deleted_time_id(2); },
      // Field 100, of a newer version.
      [](auto* c) { EXPECT_TRUE(c->ParseFromString("\xa2\x06\x03new")); },
  };
  for (const auto& make : fine) {
    EXPECT_EQ(WhyWrong(Made(make)), "");
    EXPECT_EQ(WhyNameless(Made(make)), "");
  }
}

TEST(InspectionTest, WhatCatalogCannotStoreIsNamed) {
  const Spoilt<CatalogChange> wrong = {
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
      {"timeframe.date: \"2023-02-29\" is not a day",
       [](auto* c) {
         c->mutable_timeframe()->set_time_id(1);
         c->mutable_timeframe()->set_date("2023-02-29");
       }},
  };
  for (const auto& [why, spoil] : wrong) {
    EXPECT_EQ(WhyWrong(Made(spoil)).substr(0, why.size()), why);
    EXPECT_EQ(WhyNameless(Made(spoil)), "");
  }
}

TEST(InspectionTest, ARowOfCatalogWithoutAnIdIsNameless) {
  const Spoilt<CatalogChange> nameless = {
      {"product.product_sku: 0 is not", [](auto* c) { c->mutable_product(); }},
      {"customer.customer_id: -1 is not",
       [](auto* c) { c->mutable_customer()->set_customer_id(-1); }},
      {"timeframe.time_id: -1 is not", [](auto* c) { c->mutable_timeframe()->set_time_id(-1); }},
      {"deleted_product_sku: 0 is not", [](auto* c) { c->set_deleted_product_sku(0); }},
      {"deleted_customer_id: -1 is not", [](auto* c) { c->set_deleted_customer_id(-1); }},
      {"deleted_time_id: -1 is not", [](auto* c) { c->set_deleted_time_id(-1); }},
      {"row: is not set", [](auto* c) { c->Clear(); }},
  };
  for (const auto& [why, spoil] : nameless) {
    EXPECT_EQ(WhyNameless(Made(spoil)).substr(0, why.size()), why);
  }
}

TEST(InspectionTest, ARowBecomesItsRemoval) {
  BasketChange purchase = Purchase();
  MakeRemoval(&purchase);
  EXPECT_EQ(purchase.ShortDebugString(), "transaction_id: 4 deleted: true");
  CatalogChange customer;
  customer.mutable_customer()->set_customer_id(9);
  MakeRemoval(&customer);
  EXPECT_EQ(customer.ShortDebugString(), "deleted_customer_id: 9");
  EXPECT_EQ(NameOf(RowOf(customer)), "customer 9");
}

}  // namespace
}  // namespace clustr::streaming
