#include "services/sales/analytics/sales_totals.h"

#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr::sales {
namespace {

using testing::EqualsText;

// A purchase of one line of product 1.
KeptPurchase Purchase(int64_t id, int64_t amount_cents, int64_t net_cents = 100) {
  KeptPurchase purchase;
  purchase.transaction_id = id;
  purchase.customer_id = 1 + id % 2;
  purchase.amount_cents = amount_cents;
  purchase.lines_total_cents = net_cents;
  purchase.lines = {{1, 3, net_cents}};
  return purchase;
}

v1::GetSalesSummaryResponse Told(const std::vector<KeptPurchase>& purchases) {
  Summary summary;
  for (const KeptPurchase& purchase : purchases) summary.Add(purchase);
  v1::GetSalesSummaryResponse response;
  summary.Figures().Report(&response);
  return response;
}

TEST(SummaryTest, NoPurchasesAreAnEmptySummary) { EXPECT_THAT(Told({}), EqualsText("")); }

TEST(SummaryTest, TheMeanIsHalfUp) {
  EXPECT_THAT(Told({Purchase(1, 1), Purchase(2, 2)}),
              EqualsText("revenue: 2 transaction_count: 2 unit_count: 6 customer_count: 2 "
                         "product_count: 1 mean_transaction: 0.02 min_transaction: 0.01 "
                         "max_transaction: 0.02"));
  EXPECT_EQ(Told({Purchase(1, 1), Purchase(2, 1), Purchase(3, 2)}).mean_transaction(), 0.01);
}

TEST(SummaryTest, AnAmountOfZeroIsTheMinimum) {
  EXPECT_EQ(Told({Purchase(1, 5), Purchase(2, 0), Purchase(3, 7)}).min_transaction(), 0);
}

// The mean was that of the amounts before returns, so it did not agree with the revenue.
TEST(SummaryTest, ReturnsLowerTheAmounts) {
  KeptPurchase returned = Purchase(1, 4'000, 1'000);
  returned.lines_total_cents = 4'000;
  const auto told = Told({returned, Purchase(2, 2'000, 2'000)});
  EXPECT_EQ(told.revenue(), 30);
  EXPECT_EQ(told.mean_transaction(), 15);
  EXPECT_EQ(told.min_transaction(), 10);
  EXPECT_EQ(told.max_transaction(), 20);
}

TEST(SummaryTest, AnAmountIsNeverBelowZero) {
  KeptPurchase discounted = Purchase(1, 1'000, 1'000);
  discounted.lines_total_cents = 4'000;
  EXPECT_EQ(Told({discounted}).min_transaction(), 0);
  EXPECT_EQ(Told({discounted}).mean_transaction(), 0);
}

// A sum in 64 bits would overflow, and a sum of doubles would lose the last cent.
TEST(SummaryTest, SumsAreExactBeyond64Bits) {
  constexpr int64_t kMax = 999'999'999'999;
  Summary summary;
  constexpr int64_t kCount = 12'000'000;
  KeptPurchase purchase = Purchase(0, kMax, kMax);
  for (int64_t i = 1; i <= kCount; ++i) {
    purchase.transaction_id = i;
    summary.Add(purchase);
  }
  v1::GetSalesSummaryResponse response;
  summary.Figures().Report(&response);
  EXPECT_EQ(response.mean_transaction(), 9'999'999'999.99);
  EXPECT_EQ(response.revenue(), 119'999'999'999'880'000.0);
}

}  // namespace
}  // namespace clustr::sales
