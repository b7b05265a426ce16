#include <atomic>
#include <cstdlib>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/mining/itemsets.h"
#include "tests/services/bundles/mining/owned_baskets.h"

namespace clustr::mining {
namespace {

using ::testing::HasSubstr;

// There are about 2^40 itemsets, so the search would not end in any useful time.
OwnedBaskets Endless() {
  std::vector<Item> items(41);
  std::iota(items.begin(), items.end(), 0);
  OwnedBaskets baskets;
  for (Item left_out = 0; left_out < 41; ++left_out) {
    std::vector<Item> basket = items;
    basket.erase(basket.begin() + left_out);
    baskets.Add(basket);
  }
  return baskets;
}

absl::Status Mine(const OwnedBaskets& baskets, const ItemsetQuery& query) {
  return MineItemsets(baskets.view(), query, [](absl::Span<const Item>, int64_t) {});
}

TEST(MiningLimitsTest, RefusalNamesTheMinCountThatFits) {
  const OwnedBaskets baskets({{1, 2}, {1, 2}, {1}, {3}});  // 1: 3, 2: 2, {1, 2}: 2, 3: 1.
  const absl::Status status = Mine(baskets, {.max_itemsets = 2});
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(status.message()), HasSubstr("a min_count of 3 fits"));
  EXPECT_TRUE(Mine(baskets, {.min_count = 3, .max_itemsets = 2}).ok());
}

TEST(MiningLimitsTest, MoreThreadsSeeTheSameFirstItemsets) {
  const OwnedBaskets baskets = Endless();
  std::vector<std::vector<Item>> seen[2];
  for (const int threads : {1, 2}) {
    const absl::Status status = MineItemsets(
        baskets.view(), {.min_count = 30, .max_size = 41, .max_itemsets = 5000, .threads = threads},
        [&](absl::Span<const Item> items, int64_t) {
          seen[threads - 1].emplace_back(items.begin(), items.end());
        });
    EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  }
  EXPECT_EQ(seen[0].size(), 5000u);
  EXPECT_TRUE(seen[0] == seen[1]);
}

std::chrono::steady_clock::time_point Soon() {
  return std::chrono::steady_clock::now() + std::chrono::milliseconds(50);
}

TEST(MiningLimitsTest, DeadlineEndsTheSearch) {
  for (const int threads : {1, 2}) {
    const absl::Status status =
        Mine(Endless(), {.max_size = 41, .threads = threads, .limits = {.deadline = Soon()}});
    EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
    EXPECT_THAT(std::string(status.message()), HasSubstr("deadline"));
  }
}

TEST(MiningLimitsTest, DeadlineEndsTheChoicesOfPerfectExtensions) {
  std::vector<Item> basket(41);
  std::iota(basket.begin(), basket.end(), 0);
  OwnedBaskets baskets;
  for (int i = 0; i < 3; ++i) baskets.Add(basket);
  const absl::Status status = Mine(baskets, {.max_size = 41, .limits = {.deadline = Soon()}});
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(status.message()), HasSubstr("deadline"));
}

TEST(MiningLimitsTest, CancellationEndsTheSearch) {
  std::atomic<bool> cancelled = false;
  int64_t seen = 0;
  const absl::Status status =
      MineItemsets(Endless().view(), {.max_size = 41, .limits = {.cancelled = &cancelled}},
                   [&](absl::Span<const Item>, int64_t) { cancelled = ++seen >= 1000; });
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  EXPECT_LT(seen, 1'000'000);
}

TEST(MiningLimitsTest, MemoryThatIsTooLittleIsRefusedWithoutResults) {
  OwnedBaskets baskets;
  for (Item i = 0; i < 10'000; ++i) baskets.Add({i % 100, 100 + i % 77, 200 + i % 53});
  const absl::Status status = Mine(baskets, {.limits = {.max_memory_bytes = 1000}});
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(status.message()), HasSubstr("1000 bytes"));
  EXPECT_TRUE(Mine(baskets, {.limits = {.max_memory_bytes = 10 << 20}}).ok());
}

TEST(MiningLimitsTest, RefusalForMemoryNamesAMinCountThatFits) {
  std::mt19937_64 random(1);
  OwnedBaskets baskets;
  for (int i = 0; i < 20'000; ++i) {
    std::vector<Item> basket;
    for (int k = 0; k < 6; ++k) {
      basket.push_back(static_cast<Item>(2000 / (1 + random() % 2000)));
      basket.push_back(static_cast<Item>(random() % 2000));
    }
    baskets.Add(basket);
  }
  ItemsetQuery query = {.min_count = 1, .limits = {.max_memory_bytes = 1'000'000}};
  const absl::Status status = Mine(baskets, query);
  ASSERT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  const std::string message(status.message());
  const size_t at = message.find("a min_count of ");
  ASSERT_NE(at, std::string::npos) << message;
  query.min_count = std::atoll(message.c_str() + at + 15);
  EXPECT_GT(query.min_count, 1);
  EXPECT_TRUE(Mine(baskets, query).ok()) << message;
}

TEST(MiningLimitsTest, ProgressEndsAtOne) {
  std::atomic<double> progress = 0;
  for (const int threads : {1, 2}) {
    progress = 0;
    ASSERT_TRUE(Mine(OwnedBaskets({{1, 2, 3}, {1, 2, 3}}),
                     {.threads = threads, .limits = {.progress = &progress}})
                    .ok());
    EXPECT_EQ(progress, 1);
  }
}

TEST(MiningLimitsTest, ThreadsBelowOneAreRefused) {
  EXPECT_EQ(Mine(OwnedBaskets(), {.threads = 0}).message(),
            "threads: 0 is below 1; give 1 or more");
}

}  // namespace
}  // namespace clustr::mining
