#include "services/bundles/mining/set_counts.h"

#include <algorithm>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "tests/services/bundles/mining/owned_baskets.h"

namespace clustr::mining {
namespace {

TEST(CountSetsTest, CountsRareAbsentAndUnknownItems) {
  // Item 0 in every basket, item 1 in few: their lists are too unlike for a merge.
  OwnedBaskets baskets;
  for (int i = 0; i < 1000; ++i) {
    baskets.Add(i % 100 == 7 ? std::vector<Item>{0, 1} : std::vector<Item>{0});
  }
  ItemsetTable sets;
  for (const std::vector<Item>& set : std::vector<std::vector<Item>>{{0, 1}, {0}, {1}, {1, 900}}) {
    sets.Insert(set, 0);
  }
  CountSets(baskets.view(), sets);
  EXPECT_EQ(sets.Count({0, 1}), 10);
  EXPECT_EQ(sets.Count({0}), 1000);
  EXPECT_EQ(sets.Count({1}), 10);
  EXPECT_EQ(sets.Count({1, 900}), 0);
}

TEST(CountSetsTest, NoSetsAndNoBaskets) {
  ItemsetTable sets;
  CountSets(BasketView(), sets);
  sets.Insert({1, 2}, 5);
  CountSets(BasketView(), sets);
  EXPECT_EQ(sets.Count({1, 2}), 0);
}

TEST(CountSetsTest, AgreesWithLookingAtEveryBasket) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const std::vector<std::vector<Item>> baskets = RandomBaskets(random);
    ItemsetTable sets;
    for (int i = 0; i < 40; ++i) {
      std::vector<Item> set;
      const uint64_t mask = 1 + random() % 255;
      for (Item item = 0; item < 8; ++item) {
        if ((mask >> item & 1) != 0) set.push_back(item);
      }
      sets.Insert(set, -7);
    }
    CountSets(OwnedBaskets(baskets).view(), sets);
    for (size_t i = 0; i < sets.size(); ++i) {
      const auto set = sets.items(i);
      ASSERT_EQ(sets.count(i),
                std::count_if(baskets.begin(), baskets.end(), [&](const std::vector<Item>& basket) {
                  return std::includes(basket.begin(), basket.end(), set.begin(), set.end());
                }));
    }
  }
}

}  // namespace
}  // namespace clustr::mining
