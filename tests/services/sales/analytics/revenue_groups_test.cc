#include "services/sales/analytics/revenue_groups.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::sales {
namespace {

using ::testing::ElementsAre;

KeptPurchase Purchase(int64_t id, int64_t customer_id, std::vector<KeptLine> lines,
                      const std::string& date = "2024-01-31") {
  KeptPurchase purchase;
  purchase.transaction_id = id;
  purchase.customer_id = customer_id;
  purchase.date = date;
  purchase.lines = std::move(lines);
  return purchase;
}

std::vector<GroupFigures> Best(const RevenueGroups& groups, size_t limit = 10) {
  std::vector<GroupFigures> best = groups.All();
  KeepBestGroups(groups.dimension(), limit, &best);
  return best;
}

std::vector<std::string> Keys(const RevenueGroups& groups, size_t limit = 10) {
  std::vector<std::string> keys;
  for (const GroupFigures& group : Best(groups, limit)) keys.push_back(group.key);
  return keys;
}

TEST(RevenueGroupsTest, ATransactionOfTwoCategoriesCountsOnceInEach) {
  RevenueGroups groups(v1::REVENUE_DIMENSION_PRODUCT_CATEGORY,
                       {8, {{1, "Hats"}, {2, "Hats"}, {3, "Caps"}, {4, ""}}});
  groups.Add(Purchase(1, 1, {{1, 1, 100}, {3, 2, 300}, {2, 1, 150}, {4, 1, 20}}));
  groups.Add(Purchase(2, 1, {{2, 1, 100}, {9, 1, 5}}));
  const std::vector<GroupFigures> best = Best(groups);
  ASSERT_EQ(best.size(), 3u);
  EXPECT_TRUE(best[0] == (GroupFigures{"Hats", 350, 2, 3}));
  EXPECT_TRUE(best[1] == (GroupFigures{"Caps", 300, 1, 2}));
  EXPECT_TRUE(best[2] == (GroupFigures{"", 25, 2, 2}));
  EXPECT_EQ(groups.catalog_revision(), 8);
}

TEST(RevenueGroupsTest, MonthsComeInCalendarOrder) {
  RevenueGroups groups(v1::REVENUE_DIMENSION_MONTH, {});
  groups.Add(Purchase(1, 1, {{0, 1, 100}}, "2024-10-01"));
  groups.Add(Purchase(2, 1, {{0, 1, 900}}, "2024-11-30"));
  groups.Add(Purchase(3, 1, {{0, 1, 500}}, "2023-12-31"));
  EXPECT_THAT(Keys(groups), ElementsAre("2023-12", "2024-10", "2024-11"));
  EXPECT_THAT(Keys(groups, 2), ElementsAre("2023-12", "2024-10"));
}

TEST(RevenueGroupsTest, TiesAreInTheOrderOfTheKeys) {
  RevenueGroups groups(v1::REVENUE_DIMENSION_CUSTOMER, {});
  for (const int64_t customer : {9, 100, 20}) {
    groups.Add(Purchase(customer, customer, {{0, 1, 100}}));
  }
  groups.Add(Purchase(1, 5, {{0, 1, 101}}));
  EXPECT_THAT(Keys(groups), ElementsAre("5", "100", "20", "9"));
}

TEST(ProductTotalsTest, BestComeFirstAndTiesBySku) {
  ProductTotals totals;
  totals.Add(Purchase(1, 1, {{30, 1, 100}, {4, 1, 100}, {7, 1, 100}, {9, 1, 250}}));
  totals.Add(Purchase(2, 1, {{30, 2, 50}}));
  std::vector<int64_t> skus;
  std::vector<ProductFigures> best = totals.All();
  KeepBestProducts(100, &best);
  EXPECT_EQ(best.size(), 4u);
  KeepBestProducts(3, &best);
  for (const ProductFigures& product : best) skus.push_back(product.product_sku);
  EXPECT_THAT(skus, ElementsAre(9, 30, 4));
}

}  // namespace
}  // namespace clustr::sales
