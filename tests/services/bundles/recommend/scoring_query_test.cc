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
    index_.PutBasket({1, 5, 19'000, "", "", {1, 2}});
    index_.PutCustomer(5, {"F", 3, "High", "Regular", "Casual", "Oslo"});
    index_.PutCustomer(6, {"", std::nullopt, "Low", "", "", ""});
    shop_ = index_.Publish();
  }

  mining::Item Item(int64_t sku) { return *shop_->item_of(sku); }

  index::ShopIndex index_;
  std::shared_ptr<const index::Snapshot> shop_;
};

TEST_F(ScoringQueryTest, CustomerFillsWhatThePopulationLeavesEmpty) {
  const index::Population filled = PopulationOf(
      *shop_, Parse<v1::RecommendBundlesRequest>("customer_id: 5 population { genders: 'M' }"));
  EXPECT_THAT(filled.genders, ElementsAre("M"));
  EXPECT_THAT(filled.income_levels, ElementsAre("High"));
  EXPECT_THAT(filled.customer_segments, ElementsAre("Regular"));
  EXPECT_THAT(filled.shopping_preferences, ElementsAre("Casual"));
  EXPECT_THAT(filled.cities, IsEmpty());
  EXPECT_EQ(filled.min_age, 0);
  EXPECT_EQ(filled.max_age, 8);
}

TEST_F(ScoringQueryTest, UnsetAttributesAndAGivenAgeFillNothing) {
  const index::Population sparse =
      PopulationOf(*shop_, Parse<v1::RecommendBundlesRequest>("customer_id: 6"));
  EXPECT_THAT(sparse.genders, IsEmpty());
  EXPECT_EQ(sparse.min_age, std::nullopt);
  const index::Population aged = PopulationOf(
      *shop_, Parse<v1::RecommendBundlesRequest>("customer_id: 5 population { max_age: 30 }"));
  EXPECT_EQ(aged.min_age, std::nullopt);
  EXPECT_EQ(aged.max_age, 30);
}

TEST_F(ScoringQueryTest, UnknownAndDeletedCustomersFillNothing) {
  index_.RemoveCustomer(5);
  shop_ = index_.Publish();
  for (const char* text : {"customer_id: 5", "customer_id: 77"}) {
    EXPECT_EQ(PopulationOf(*shop_, Parse<v1::RecommendBundlesRequest>(text)), index::Population());
  }
}

TEST_F(ScoringQueryTest, AnchorThatCatalogDoesNotKnowIsNotFound) {
  EXPECT_THAT(BundleQueryOf(*shop_, Parse<v1::RecommendBundlesRequest>("anchor_skus: 1"))->anchors,
              ElementsAre(Item(1)));
  for (const char* text : {"anchor_skus: [1, 2]", "anchor_skus: 99"}) {
    const auto query = BundleQueryOf(*shop_, Parse<v1::RecommendBundlesRequest>(text));
    EXPECT_EQ(ReasonName(ReasonOf(query.status())), "PRODUCT_NOT_FOUND") << text;
  }
}

TEST_F(ScoringQueryTest, BundleDefaultsAndLimits) {
  const auto query = [&](const std::string& text) {
    return *BundleQueryOf(*shop_, Parse<v1::RecommendBundlesRequest>(text));
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
    return ProductQueryOf(*shop_, Parse<v1::RecommendProductsRequest>(text));
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
  constraints.set_min_items(4);
  constraints.set_max_items(3);
  std::vector<Violation> violations;
  CheckConstraints(constraints, "constraints", &violations);
  std::vector<std::string> fields;
  for (const Violation& violation : violations) fields.push_back(violation.field);
  EXPECT_THAT(fields, ElementsAre("constraints.min_items", "constraints.min_support",
                                  "constraints.min_confidence", "constraints.min_margin_ratio"));
}

}  // namespace
}  // namespace clustr::bundles
