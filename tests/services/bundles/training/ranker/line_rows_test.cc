#include "services/bundles/training/ranker/line_rows.h"

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/products/ranker/line_features.h"
#include "tests/services/bundles/training/training_shop.h"

namespace clustr::training {
namespace {

using index::Basket;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

absl::Status Always() { return absl::OkStatus(); }

std::vector<LineRows> RowsOf(const Purchases& purchases, const std::vector<LineWindow>& windows,
                             size_t threads = 1) {
  auto rows = NextBasketRows(purchases, windows, {}, 7, threads, Always);
  EXPECT_TRUE(rows.ok()) << rows.status();
  return *std::move(rows);
}

TEST(LineWindowsTest, EndBeforeTheSplitAndLeaveDaysToLearnFrom) {
  // The inner period has 40 days: windows have 30, and one begins every 20.
  EXPECT_THAT(LineWindowsOf(0, 160, 200),
              ElementsAre(LineWindow{170, 200}, LineWindow{150, 180}, LineWindow{130, 160},
                          LineWindow{110, 140}, LineWindow{90, 120}, LineWindow{70, 100}));
  EXPECT_THAT(LineWindowsOf(100, 160, 200),
              ElementsAre(LineWindow{170, 200}, LineWindow{150, 180}, LineWindow{130, 160}));
  EXPECT_THAT(LineWindowsOf(0, 1, 1), IsEmpty());
  EXPECT_THAT(LineWindowsOf(0, 4, 5),
              ElementsAre(LineWindow{4, 5}, LineWindow{3, 4}, LineWindow{2, 3}, LineWindow{1, 2}));
}

TEST(NextBasketRowsTest, AreTheRankedProductsOfEachNextBasket) {
  const Purchases purchases = ReadBaskets(StructuredBaskets(1, 1'000, 100, 40, 60));
  const auto rows = RowsOf(purchases, {{kFirstDay + 80, kFirstDay + 100}});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].feature_count, products::kLineFeatureCount);
  EXPECT_EQ(rows[0].features.size(), rows[0].bought.size() * products::kLineFeatureCount);
  EXPECT_GT(rows[0].list_count(), 40u);
  EXPECT_LE(rows[0].list_count(), 60u);
  EXPECT_EQ(rows[0].begins.back(), rows[0].bought.size());
  for (size_t list = 0; list < rows[0].list_count(); ++list) {
    const auto begin = rows[0].bought.begin() + rows[0].begins[list];
    const auto end = rows[0].bought.begin() + rows[0].begins[list + 1];
    EXPECT_GE(std::count(begin, end, 1), 1);
    EXPECT_LE(end - begin, 40);
  }
}

TEST(NextBasketRowsTest, DependNeitherOnThreadsNorOnWhatComesLater) {
  const std::vector<Basket> baskets = StructuredBaskets(2, 1'000, 100, 40, 60);
  std::vector<Basket> changed = baskets;
  std::mt19937_64 random(3);
  for (Basket& basket : changed) {
    if (basket.epoch_day < kFirstDay + 80) continue;
    std::swap(basket.product_skus, changed[900 + random() % 100].product_skus);
  }
  const std::vector<LineWindow> windows = {{kFirstDay + 60, kFirstDay + 80},
                                           {kFirstDay + 40, kFirstDay + 60}};
  const auto rows = RowsOf(ReadBaskets(baskets), windows);
  for (const auto& others :
       {RowsOf(ReadBaskets(baskets), windows, 3), RowsOf(ReadBaskets(changed), windows)}) {
    ASSERT_EQ(others.size(), rows.size());
    for (size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(others[i].features, rows[i].features) << i;
      EXPECT_EQ(others[i].bought, rows[i].bought) << i;
    }
  }
}

TEST(NextBasketRowsTest, StopWhenTheyAreNoLongerWanted) {
  const Purchases purchases = ReadBaskets(StructuredBaskets(1, 300, 100, 40, 60));
  const auto rows = NextBasketRows(purchases, {{kFirstDay + 80, kFirstDay + 100}}, {}, 0, 1,
                                   [] { return absl::CancelledError("enough"); });
  EXPECT_TRUE(absl::IsCancelled(rows.status()));
}

}  // namespace
}  // namespace clustr::training
