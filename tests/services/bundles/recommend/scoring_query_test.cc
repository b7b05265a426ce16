#include "services/bundles/recommend/scoring_query.h"

#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/bundles/index/shop_index.h"
#include "services/bundles/recommend/purchased.h"

namespace clustr::bundles {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

template <class Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

class ScoringQueryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    index_.PutProduct(1, {"known", "", "", 100, std::nullopt, true});
    // So many that the attributes of customer 5 narrow a population. They were sold on one day.
    for (int64_t id = 1; id <= kLeastBaskets; ++id) {
      index_.PutBasket({id, 5, 19'000, "", "", {1, 2}});
    }
    index_.PutCustomer(5, {"F", 3, "High", "Regular", "Casual", "Oslo"});
    index_.PutCustomer(6, {"", std::nullopt, "Low", "", "", ""});
    shop_ = index_.Publish();
  }

  CustomerPopulation For(const std::string& text) {
    return PopulationFor(*shop_, Parse<v1::RecommendBundlesRequest>(text));
  }
  index::Population Filled(const std::string& text) { return PopulationOf(For(text).population); }

  mining::Item Item(int64_t sku) { return *shop_->item_of(sku); }

  index::ShopIndex index_;
  std::shared_ptr<const index::Snapshot> shop_;
};

TEST_F(ScoringQueryTest, CustomerFillsWhatThePopulationLeavesEmpty) {
  const index::Population filled = Filled("customer_id: 5 population { genders: 'F' }");
  EXPECT_THAT(filled.genders, ElementsAre("F"));
  EXPECT_FALSE(For("customer_id: 5").is_wider);
  EXPECT_THAT(filled.income_levels, ElementsAre("High"));
  EXPECT_THAT(filled.customer_segments, ElementsAre("Regular"));
  EXPECT_THAT(filled.shopping_preferences, ElementsAre("Casual"));
  EXPECT_THAT(filled.cities, IsEmpty());
  EXPECT_EQ(filled.min_age, 0);
  EXPECT_EQ(filled.max_age, 8);
}

TEST_F(ScoringQueryTest, AttributesThatLeaveTooFewBasketsDoNotNarrow) {
  // 30 of the customer's baskets become those of another who shares gender and age only, so fewer
  // than a thousand are left with the income level, but not with the age.
  index_.PutCustomer(7, {"F", 5, "Low", "Regular", "Casual", ""});
  for (int64_t id = 1; id <= 30; ++id) index_.PutBasket({id, 7, 19'000, "", "", {1, 2}});
  shop_ = index_.Publish();
  EXPECT_TRUE(For("customer_id: 5").is_wider);
  const index::Population filled = Filled("customer_id: 5");
  EXPECT_THAT(filled.genders, ElementsAre("F"));
  EXPECT_THAT(filled.income_levels, IsEmpty());
  EXPECT_THAT(filled.shopping_preferences, ElementsAre("Casual"));
  EXPECT_THAT(filled.customer_segments, ElementsAre("Regular"));
  EXPECT_EQ(filled.max_age, 8);
}

TEST_F(ScoringQueryTest, WhatTheCallerAsksForIsNeverWidened) {
  const CustomerPopulation asked = For("customer_id: 5 population { cities: 'Paris' }");
  EXPECT_TRUE(asked.is_wider);
  EXPECT_EQ(PopulationOf(asked.population), Filled("population { cities: 'Paris' }"));
  EXPECT_FALSE(For("population { cities: 'Paris' }").is_wider);
}

TEST_F(ScoringQueryTest, UnsetAttributesAndAGivenAgeFillNothing) {
  const index::Population sparse = Filled("customer_id: 6");
  EXPECT_THAT(sparse.genders, IsEmpty());
  EXPECT_EQ(sparse.min_age, std::nullopt);
  const index::Population aged = Filled("customer_id: 5 population { max_age: 30 }");
  EXPECT_EQ(aged.min_age, std::nullopt);
  EXPECT_EQ(aged.max_age, 30);
}

TEST_F(ScoringQueryTest, UnknownAndDeletedCustomersFillNothing) {
  index_.RemoveCustomer(5);
  shop_ = index_.Publish();
  for (const char* text : {"customer_id: 5", "customer_id: 77"}) {
    EXPECT_EQ(Filled(text), index::Population());
    EXPECT_FALSE(For(text).is_wider);
  }
}

TEST_F(ScoringQueryTest, AnchorThatCatalogDoesNotKnowIsNotFound) {
  EXPECT_THAT(
      BundleQueryOf(*shop_, Parse<v1::RecommendBundlesRequest>("anchor_skus: 1"), {})->anchors,
      ElementsAre(Item(1)));
  for (const char* text : {"anchor_skus: [1, 2]", "anchor_skus: 99"}) {
    const auto query = BundleQueryOf(*shop_, Parse<v1::RecommendBundlesRequest>(text), {});
    EXPECT_EQ(ReasonName(ReasonOf(query.status())), "PRODUCT_NOT_FOUND") << text;
  }
}

TEST_F(ScoringQueryTest, BundleDefaultsAndLimits) {
  const auto query = [&](const std::string& text) {
    return *BundleQueryOf(*shop_, Parse<v1::RecommendBundlesRequest>(text), {});
  };
  EXPECT_EQ(query("").limit, 20);
  EXPECT_EQ(query("limit: 501").limit, 500);
  EXPECT_EQ(query("").max_items, 4);
  EXPECT_EQ(query("constraints { min_items: 5 }").max_items, 5);
  EXPECT_TRUE(query("").products.in_stock_only);
  EXPECT_FALSE(query("constraints { in_stock_only: false }").products.in_stock_only);
  EXPECT_EQ(query("constraints { max_total_price: 0.29 }").max_total_price_cents, 29);
  EXPECT_THAT(query("constraints { excluded_skus: [99, 2] }").products.excluded,
              ElementsAre(Item(2)));
}

TEST_F(ScoringQueryTest, HistoryStandsInForABasketWithoutKnownProducts) {
  const auto query = [&](const std::string& text) {
    return ProductQueryOf(*shop_, Parse<v1::RecommendProductsRequest>(text), 19'000);
  };
  EXPECT_THAT(query("basket_skus: [1, 99] customer_id: 5").basket, ElementsAre(Item(1)));
  EXPECT_FALSE(query("basket_skus: 1 customer_id: 5").basket_is_history);
  for (const char* text : {"customer_id: 5", "basket_skus: 99 customer_id: 5"}) {
    EXPECT_THAT(query(text).basket, IsEmpty()) << text;
    EXPECT_TRUE(query(text).basket_is_history) << text;
    EXPECT_EQ(query(text).customer_id, 5) << text;
  }
  EXPECT_EQ(query("basket_skus: 1").customer_id, std::nullopt);
  EXPECT_EQ(query("").limit, 10);
}

TEST_F(ScoringQueryTest, ChecksSharesRatiosAndSizes) {
  v1::BundleConstraints constraints;
  constraints.set_min_support(std::nan(""));
  constraints.set_min_confidence(1.5);
  constraints.set_min_margin_ratio(std::numeric_limits<double>::infinity());
  std::vector<Violation> violations;
  CheckConstraints(constraints, "constraints", false, &violations);
  std::vector<std::string> fields;
  for (const Violation& violation : violations) fields.push_back(violation.field);
  EXPECT_THAT(fields, ElementsAre("constraints.min_support", "constraints.min_confidence",
                                  "constraints.min_margin_ratio"));
}

TEST_F(ScoringQueryTest, PurchasesOfACustomerNeedACustomer) {
  v1::BundleConstraints bundles;
  bundles.set_exclude_purchased_days(30);
  v1::ProductConstraints products;
  products.set_exclude_purchased_days(30);
  std::vector<Violation> violations;
  CheckConstraints(bundles, "constraints", true, &violations);
  CheckConstraints(products, "constraints", true, &violations);
  EXPECT_THAT(violations, IsEmpty());
  CheckConstraints(bundles, "constraints", false, &violations);
  CheckConstraints(products, "constraints", false, &violations);
  ASSERT_EQ(violations.size(), 2u);
  for (const Violation& violation : violations) {
    EXPECT_EQ(violation.field, "constraints.exclude_purchased_days");
    EXPECT_EQ(violation.description,
              "30 is about a customer's purchases, but customer_id is unset; give customer_id or "
              "customer_external_id, or 0");
  }
}

// Customer 8 bought product 3 on day 19'010, 4 on day 19'001, and 5 on day 18'000. Product 6 was
// sold to somebody else on day 19'010, the last one.
class PurchasedTest : public ScoringQueryTest {
 protected:
  void SetUp() override {
    ScoringQueryTest::SetUp();
    for (int64_t sku = 3; sku <= 6; ++sku) {
      index_.PutProduct(sku, {"sold", "", "", 100, std::nullopt, true});
    }
    index_.PutBasket({9'003, 8, 19'010, "", "", {3}});
    index_.PutBasket({9'004, 8, 19'001, "", "", {4}});
    index_.PutBasket({9'005, 8, 18'000, "", "", {5}});
    index_.PutBasket({9'006, 9, 19'010, "", "", {6}});
    shop_ = index_.Publish();
  }

  std::vector<int64_t> Within(int32_t days, int32_t today = 20'000) {
    std::vector<int64_t> skus;
    for (const mining::Item item : PurchasedWithin(*shop_, 8, days, today)) {
      skus.push_back(shop_->sku_of(item));
    }
    return skus;
  }
};

TEST_F(PurchasedTest, DaysCountBackFromTheLastOneOnWhichAnythingWasSold) {
  EXPECT_THAT(Within(0), IsEmpty());
  EXPECT_THAT(Within(1), ElementsAre(3));
  EXPECT_THAT(Within(9), ElementsAre(3));
  EXPECT_THAT(Within(10), ElementsAre(3, 4));
  EXPECT_THAT(Within(36'500), ElementsAre(3, 4, 5));
}

TEST_F(PurchasedTest, APurchaseWithADayToComeDoesNotHideTheOthers) {
  index_.PutBasket({9'007, 9, 47'000, "", "", {6}});
  index_.PutBasket({9'008, 8, 47'000, "", "", {6}});
  shop_ = index_.Publish();
  EXPECT_THAT(Within(1, 19'010), ElementsAre(3, 6));
}

TEST_F(PurchasedTest, ChangesAndRemovalsCountAtOnce) {
  index_.PutBasket({9'003, 8, 19'010, "", "", {6}});
  index_.RemoveBasket(9'004);
  shop_ = index_.Publish();
  EXPECT_THAT(Within(10), ElementsAre(6));
}

TEST_F(PurchasedTest, QueriesLeaveOutWhatWasBoughtButNotAnchors) {
  const auto bundles = [&](const std::string& text) {
    return BundleQueryOf(*shop_, Parse<v1::RecommendBundlesRequest>(text), {.today = 20'000})
        ->products.purchased;
  };
  const std::string days = "constraints { exclude_purchased_days: 10 }";
  EXPECT_THAT(bundles("customer_id: 8 " + days), ElementsAre(Item(3), Item(4)));
  EXPECT_THAT(bundles("customer_id: 8 anchor_skus: 3 " + days), ElementsAre(Item(4)));
  EXPECT_THAT(bundles("customer_id: 8"), IsEmpty());
  EXPECT_THAT(bundles("customer_id: 77 " + days), IsEmpty());
  const scoring::ProductQuery products =
      ProductQueryOf(*shop_, Parse<v1::RecommendProductsRequest>("customer_id: 8 " + days), 20'000);
  EXPECT_THAT(products.products.purchased, ElementsAre(Item(3), Item(4)));
  const scoring::ProductFilter filter(products.products);
  EXPECT_FALSE(filter.Allows(*shop_, Item(3)));
  EXPECT_TRUE(filter.Allows(*shop_, Item(5)));
}

}  // namespace
}  // namespace clustr::bundles
