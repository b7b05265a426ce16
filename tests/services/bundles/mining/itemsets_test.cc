#include "services/bundles/mining/itemsets.h"

#include <algorithm>
#include <bit>
#include <map>
#include <numeric>
#include <random>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/services/bundles/mining/owned_baskets.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::mining {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

using Itemsets = std::map<std::vector<Item>, int64_t>;

// Fails if a set comes twice or is not ascending.
Itemsets Mine(const OwnedBaskets& baskets, const ItemsetQuery& query) {
  Itemsets found;
  const absl::Status status =
      MineItemsets(baskets.view(), query, [&](absl::Span<const Item> items, int64_t count) {
        EXPECT_TRUE(std::is_sorted(items.begin(), items.end()));
        EXPECT_TRUE(found.emplace(std::vector<Item>(items.begin(), items.end()), count).second);
      });
  EXPECT_TRUE(status.ok()) << status;
  return found;
}

// All subsets of items 0 to 7, each counted basket by basket.
Itemsets BruteForce(const std::vector<std::vector<Item>>& baskets, const ItemsetQuery& query) {
  Itemsets found;
  for (uint32_t mask = 1; mask < 256; ++mask) {
    std::vector<Item> set;
    for (Item item = 0; item < 8; ++item) {
      if ((mask >> item & 1) != 0) set.push_back(item);
    }
    const int size = std::popcount(mask);
    if (size < query.min_size || size > query.max_size) continue;
    const int64_t count = std::count_if(baskets.begin(), baskets.end(), [&](const auto& basket) {
      return std::includes(basket.begin(), basket.end(), set.begin(), set.end());
    });
    if (count >= query.min_count) found.emplace(set, count);
  }
  return found;
}

TEST(MineItemsetsTest, FindsNothingInNothing) {
  EXPECT_THAT(Mine(OwnedBaskets(), {}), IsEmpty());
  OwnedBaskets empty;
  empty.Add({});
  empty.Add({});
  EXPECT_THAT(Mine(empty, {}), IsEmpty());
  EXPECT_TRUE(
      MineItemsets(BasketView(), {}, [&](absl::Span<const Item>, int64_t) { FAIL(); }).ok());
}

TEST(MineItemsetsTest, CountsEqualBasketsAndSkipsEmptyOnes) {
  const OwnedBaskets baskets({{3, 5}, {}, {3, 5}, {5}, {3, 5, 9}});
  EXPECT_THAT(Mine(baskets, {.min_count = 2}),
              UnorderedElementsAre(Pair(ElementsAre(3), 3), Pair(ElementsAre(5), 4),
                                   Pair(ElementsAre(3, 5), 3)));
}

TEST(MineItemsetsTest, AgreesWithBruteForce) {
  ForEachSeed(5000, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    const std::vector<std::vector<Item>> baskets = RandomBaskets(random);
    ItemsetQuery query;
    query.min_count = 1 + static_cast<int64_t>(random() % 6);
    query.min_size = 1 + static_cast<int>(random() % 3);
    query.max_size = query.min_size + static_cast<int>(random() % 8);
    ASSERT_EQ(Mine(OwnedBaskets(baskets), query), BruteForce(baskets, query));
  });
}

TEST(MineItemsetsTest, DoesNotDependOnTheOrderOfBaskets) {
  ForEachSeed(200, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<std::vector<Item>> baskets = RandomBaskets(random);
    const Itemsets before = Mine(OwnedBaskets(baskets), {.min_count = 2});
    std::shuffle(baskets.begin(), baskets.end(), random);
    ASSERT_EQ(Mine(OwnedBaskets(baskets), {.min_count = 2}), before);
  });
}

TEST(MineItemsetsTest, TakesHighItemNumbers) {
  const OwnedBaskets baskets({{7, 150'000}, {7, 99'999, 150'000}});
  EXPECT_THAT(Mine(baskets, {.min_count = 2}),
              UnorderedElementsAre(Pair(ElementsAre(7), 2), Pair(ElementsAre(150'000), 2),
                                   Pair(ElementsAre(7, 150'000), 2)));
}

TEST(MineItemsetsTest, OneGiantBasketAmongSmallOnes) {
  OwnedBaskets baskets;
  std::vector<Item> giant(10'000);
  std::iota(giant.begin(), giant.end(), 0);
  baskets.Add(giant);
  for (Item item = 0; item + 2 < 10'000; item += 3) baskets.Add({item, item + 1, item + 2});
  const Itemsets found = Mine(baskets, {.min_count = 2, .max_size = 10});
  EXPECT_EQ(found.size(), 3333u * 7);
  EXPECT_EQ(found.at({3, 4, 5}), 2);
}

// Such a set once took memory proportional to the square of its size.
TEST(MineItemsetsTest, AGiantClosedOrMaximalSetTakesMemoryOfItsSize) {
  std::vector<Item> giant(6'000);
  std::iota(giant.begin(), giant.end(), 0);
  std::vector<Item> all_but_1000(giant.begin() + 1'000, giant.end());
  const OwnedBaskets baskets({giant, giant, all_but_1000});
  for (const Target target : {Target::kClosed, Target::kMaximal}) {
    std::vector<size_t> sizes;
    const absl::Status status =
        MineItemsets(baskets.view(),
                     {.min_count = 2,
                      .max_size = 6'000,
                      .target = target,
                      .limits = {.max_memory_bytes = 10 << 20}},
                     [&](absl::Span<const Item> items, int64_t) { sizes.push_back(items.size()); });
    ASSERT_TRUE(status.ok()) << status;
    const bool closed = target == Target::kClosed;
    EXPECT_EQ(sizes, closed ? (std::vector<size_t>{5'000, 6'000}) : std::vector<size_t>{6'000});
  }
}

TEST(MineItemsetsTest, TwoGiantBasketsAreRefusedCleanlyAtAnySize) {
  std::vector<Item> giant(10'000);
  std::iota(giant.begin(), giant.end(), 0);
  const OwnedBaskets baskets({giant, giant});
  int64_t seen = 0;
  const absl::Status status =
      MineItemsets(baskets.view(), {.min_count = 2, .max_size = 10'000, .max_itemsets = 100'000},
                   [&](absl::Span<const Item>, int64_t) { ++seen; });
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(seen, 100'000);
}

TEST(MineItemsetsTest, LimitOfItemsetsIsInclusive) {
  const OwnedBaskets baskets({{1, 2}});
  int64_t seen = 0;
  const auto count = [&](absl::Span<const Item>, int64_t) { ++seen; };
  EXPECT_TRUE(MineItemsets(baskets.view(), {.max_itemsets = 3}, count).ok());
  EXPECT_EQ(seen, 3);
  EXPECT_EQ(MineItemsets(baskets.view(), {.max_itemsets = 2}, count).code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(seen, 5);
}

TEST(MineItemsetsTest, SizeBoundEndsTheSearch) {
  // There are more than 10^8 sets of three or more items.
  std::vector<Item> basket(1000);
  std::iota(basket.begin(), basket.end(), 0);
  EXPECT_EQ(Mine(OwnedBaskets({basket}), {.max_size = 1}).size(), 1000u);
  EXPECT_EQ(Mine(OwnedBaskets({basket}), {.min_size = 2, .max_size = 2}).size(), 499'500u);
}

TEST(MineItemsetsTest, RefusesQueriesOutOfRange) {
  const auto message = [](const ItemsetQuery& query) {
    const absl::Status status =
        MineItemsets(BasketView(), query, [](absl::Span<const Item>, int64_t) {});
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    return std::string(status.message());
  };
  EXPECT_EQ(message({.min_count = 0}), "min_count: 0 is below 1; give 1 or more");
  EXPECT_EQ(message({.min_size = 0}), "min_size: 0 is below 1; give 1 or more");
  EXPECT_THAT(message({.min_size = 3, .max_size = 2}),
              AllOf(HasSubstr("max_size: 2"), HasSubstr("min_size 3")));
  EXPECT_EQ(message({.max_itemsets = -1}), "max_itemsets: -1 is below 0; give 0 or more");
}

}  // namespace
}  // namespace clustr::mining
