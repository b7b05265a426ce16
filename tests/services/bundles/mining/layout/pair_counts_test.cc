#include "services/bundles/mining/layout/pair_counts.h"

#include <map>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "services/bundles/mining/itemsets.h"
#include "services/bundles/mining/layout/frequent_items.h"
#include "tests/services/bundles/mining/owned_baskets.h"
#include "tests/services/bundles/mining/plain_miner.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::mining {
namespace {

using Itemsets = std::map<std::vector<Item>, int64_t>;

// Rare items that occur independently, and a few sets that are bought together.
OwnedBaskets MostlyApart(std::mt19937_64& random) {
  OwnedBaskets baskets;
  for (int i = 0; i < 2000; ++i) {
    std::vector<Item> basket = {static_cast<Item>(random() % 60), static_cast<Item>(random() % 60)};
    const Item bought_together = static_cast<Item>(70 + random() % 8 * 5);
    if (random() % 3 == 0) {
      for (Item k = 0; k < 2 + bought_together % 3; ++k) basket.push_back(bought_together + k);
    }
    baskets.Add(basket);
  }
  return baskets;
}

TEST(PairCountsTest, ItemsetsAreThoseOfTheSlowTwin) {
  ForEachSeed(100, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    const OwnedBaskets baskets = MostlyApart(random);
    std::vector<int64_t> weights;
    BasketView view = baskets.view();
    if (seed % 2 == 0) {
      for (size_t i = 0; i < view.size(); ++i) weights.push_back(1 + random() % 3);
      view.weights = weights;
    }
    const ItemsetQuery query = {.min_count = 30,
                                .min_size = 1 + static_cast<int>(random() % 3),
                                .max_size = 3 + static_cast<int>(random() % 3)};
    ASSERT_TRUE(PairCounts::Promising(view, CountFrequentItems(view, 30), 30));
    Itemsets expected;
    MineItemsetsPlainly(view, query, [&](absl::Span<const Item> items, int64_t count) {
      expected.emplace(std::vector<Item>(items.begin(), items.end()), count);
    });
    Itemsets found;
    ASSERT_TRUE(MineItemsets(view, query, [&](absl::Span<const Item> items, int64_t count) {
                  ASSERT_TRUE(
                      found.emplace(std::vector<Item>(items.begin(), items.end()), count).second);
                }).ok());
    ASSERT_EQ(found, expected);
  });
}

TEST(PairCountsTest, ItemsWithOnePartnerAreNotLeftToTheSearch) {
  const OwnedBaskets baskets({{1, 2}, {1, 2}, {3, 4, 5}, {3, 4, 5}, {3, 4}, {6}, {6}});
  const PairCounts pairs(baskets.view(), CountFrequentItems(baskets.view(), 2), 2);
  EXPECT_EQ(pairs.live_items(), 3u);
  const FrequentItems live = pairs.LiveItems();
  EXPECT_EQ(live.items, (std::vector<Item>{3, 4, 5}));
  EXPECT_EQ(live.counts, (std::vector<int64_t>{3, 3, 2}));
  const RootPairs left = pairs.LivePairs(live);
  EXPECT_EQ(left.begins, (std::vector<uint32_t>{0, 0, 1, 3}));
  EXPECT_EQ(left.codes, (std::vector<uint32_t>{0, 0, 1}));
  EXPECT_EQ(left.counts, (std::vector<int64_t>{3, 2, 2}));
  EXPECT_EQ(left.bits, (std::vector<uint64_t>{6, 5, 3}));
}

}  // namespace
}  // namespace clustr::mining
