#include "services/bundles/mining/rules/side_counts.h"

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "tests/services/bundles/mining/owned_baskets.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::mining {
namespace {

int64_t CountOf(const BasketView& baskets, const std::vector<Item>& items) {
  int64_t count = 0;
  for (size_t i = 0; i < baskets.size(); ++i) {
    const auto basket = baskets[i];
    const bool holds = std::includes(basket.begin(), basket.end(), items.begin(), items.end());
    count += holds ? baskets.weight(i) : 0;
  }
  return count;
}

// Counts the sides of random splits of random sets, with limits around the count of the side.
void ExpectAllCounted(const BasketView& baskets, std::mt19937_64& random) {
  const TidLists tid_lists = MakeTidLists(baskets, CountFrequentItems(baskets, 1));
  const std::vector<Item>& items = tid_lists.frequent.items;
  if (items.empty()) return;
  for (const size_t max_bitmap_bytes : {size_t{0}, size_t{300}, TidBitmaps::kMaxBytes}) {
    SideCounts counts(baskets, tid_lists, max_bitmap_bytes);
    for (int round = 0; round < 40; ++round) {
      std::vector<Item> side;
      std::vector<Item> rest;
      for (const Item item : items) {
        if (random() % items.size() < 4) (random() % 2 == 0 ? side : rest).push_back(item);
      }
      if (side.empty()) continue;
      std::sort(side.begin(), side.end());
      std::vector<Item> all = side;
      all.insert(all.end(), rest.begin(), rest.end());
      std::sort(all.begin(), all.end());
      const int64_t joint_count = CountOf(baskets, all);
      const int64_t count = CountOf(baskets, side);
      for (const int64_t max_count : {joint_count, count - 1, count, count / 2, INT64_MAX}) {
        if (max_count < joint_count) continue;
        const int64_t found = counts.Count(side, rest, joint_count, max_count);
        if (count <= max_count) {
          ASSERT_EQ(found, count);
        } else {
          ASSERT_GT(found, max_count);
          ASSERT_LE(found, count);
        }
      }
      ASSERT_EQ(counts.Count(side, {}, 0, INT64_MAX), count);
    }
    EXPECT_LE(counts.bitmap_bytes(), max_bitmap_bytes);
  }
}

TEST(SideCountsTest, CountsAsFarAsTheLimit) {
  ForEachSeed(200, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    const OwnedBaskets owned(RandomBaskets(random));
    BasketView view = owned.view();
    ASSERT_NO_FATAL_FAILURE(ExpectAllCounted(view, random));
    std::vector<int64_t> weights;
    for (size_t i = 0; i < view.size(); ++i) weights.push_back(1 + random() % 3);
    view.weights = weights;
    ASSERT_NO_FATAL_FAILURE(ExpectAllCounted(view, random));
  });
}

TEST(SideCountsTest, ItemsTooRareForABitmapAreInTidLists) {
  ForEachSeed(5, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    OwnedBaskets owned;
    for (int i = 0; i < 3000; ++i) {
      std::vector<Item> basket;
      for (Item item = 0; item < 12; ++item) {
        if (random() % (1 + item * item * 10) == 0) basket.push_back(item);
      }
      if (i % 1000 < 2) basket = {0, 5, 9, 10, 11};
      owned.Add(basket);
    }
    ASSERT_NO_FATAL_FAILURE(ExpectAllCounted(owned.view(), random));
  });
}

}  // namespace
}  // namespace clustr::mining
