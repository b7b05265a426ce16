#include "services/bundles/mining/rules/set_counts.h"

#include <algorithm>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "services/bundles/mining/itemsets.h"
#include "tests/services/bundles/mining/owned_baskets.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::mining {
namespace {

int64_t CountOf(const BasketView& baskets, absl::Span<const Item> set) {
  int64_t count = 0;
  for (size_t i = 0; i < baskets.size(); ++i) {
    const auto basket = baskets[i];
    if (std::includes(basket.begin(), basket.end(), set.begin(), set.end())) {
      count += baskets.weight(i);
    }
  }
  return count;
}

void ExpectCounted(const BasketView& baskets, const ItemsetList& sets) {
  for (const size_t max_bitmap_bytes : {size_t{0}, size_t{16}, TidBitmaps::kMaxBytes}) {
    const MiningLimits limits;
    SearchControl control(limits);
    const std::vector<int64_t> counts = CountSets(baskets, sets, control, max_bitmap_bytes);
    ASSERT_EQ(counts.size(), sets.size());
    for (size_t i = 0; i < sets.size(); ++i) ASSERT_EQ(counts[i], CountOf(baskets, sets[i]));
  }
}

BasketView Weighted(BasketView view, std::mt19937_64& random, std::vector<int64_t>& weights) {
  for (size_t i = 0; i < view.size(); ++i) weights.push_back(1 + random() % 3);
  view.weights = weights;
  return view;
}

TEST(CountSetsTest, CountsRareAbsentAndUnknownItems) {
  OwnedBaskets baskets;
  for (int i = 0; i < 1000; ++i) {
    baskets.Add(i % 1000 == 7 ? std::vector<Item>{0, 1} : std::vector<Item>{0});
  }
  ItemsetList sets;
  for (const std::vector<Item>& set :
       std::vector<std::vector<Item>>{{0, 1}, {0}, {1}, {1, 900}, {900}}) {
    sets.Add(set, 1);
  }
  ExpectCounted(baskets.view(), sets);
}

TEST(CountSetsTest, NoSetsAndNoBaskets) {
  ItemsetList sets;
  ExpectCounted(BasketView(), sets);
  sets.Add(std::vector<Item>{1, 2}, 5);
  ExpectCounted(BasketView(), sets);
}

TEST(CountSetsTest, AnySetsInAnyOrder) {
  ForEachSeed(300, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    const OwnedBaskets owned(RandomBaskets(random));
    ItemsetList sets;
    for (int i = 0; i < 40; ++i) {
      std::vector<Item> set;
      const uint64_t mask = 1 + random() % 255;
      for (Item item = 0; item < 8; ++item) {
        if ((mask >> item & 1) != 0) set.push_back(item);
      }
      sets.Add(set, 1 + random() % 5);
    }
    ASSERT_NO_FATAL_FAILURE(ExpectCounted(owned.view(), sets));
    std::vector<int64_t> weights;
    ASSERT_NO_FATAL_FAILURE(ExpectCounted(Weighted(owned.view(), random, weights), sets));
  });
}

// Rules with given items need this: sets mined in a part of the baskets and counted in all.
TEST(CountSetsTest, SetsOfSomeOfTheBaskets) {
  ForEachSeed(40, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    OwnedBaskets some;
    OwnedBaskets all;
    for (int i = 0; i < 600; ++i) {
      std::vector<Item> basket;
      for (Item item = 0; item < 40; ++item) {
        if (random() % (2 + item) == 0) basket.push_back(item);
      }
      all.Add(basket);
      if (i % 5 == 0) some.Add(basket);
    }
    ItemsetList sets;
    const absl::Status status =
        MineItemsets(some.view(), {.min_count = 2},
                     [&](absl::Span<const Item> set, int64_t count) { sets.Add(set, count); });
    ASSERT_TRUE(status.ok()) << status;
    ASSERT_NO_FATAL_FAILURE(ExpectCounted(all.view(), sets));
    std::vector<int64_t> weights;
    ASSERT_NO_FATAL_FAILURE(ExpectCounted(Weighted(all.view(), random, weights), sets));
  });
}

}  // namespace
}  // namespace clustr::mining
