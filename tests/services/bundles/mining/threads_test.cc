// The same bytes in the same order, however many threads prepare and search.

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "services/bundles/mining/itemsets.h"
#include "services/bundles/mining/vertical.h"
#include "tests/services/bundles/mining/owned_baskets.h"

namespace clustr::mining {
namespace {

// Enough baskets for every thread to prepare some, of skewed items, with empty ones at the end.
OwnedBaskets ManyBaskets(uint64_t seed, Item items) {
  std::mt19937_64 random(seed);
  OwnedBaskets baskets;
  for (int i = 0; i < 15'000; ++i) {
    std::vector<Item> basket;
    for (size_t k = random() % 10; k > 0; --k) {
      basket.push_back(static_cast<Item>(items / (1 + random() % items)));
      if (random() % 3 == 0) basket.push_back(random() % items);
    }
    baskets.Add(basket);
  }
  for (int i = 0; i < 5; ++i) baskets.Add({});
  return baskets;
}

std::vector<uint64_t> Found(const BasketView& baskets, const ItemsetQuery& query) {
  std::vector<uint64_t> found;
  const absl::Status status =
      MineItemsets(baskets, query, [&](absl::Span<const Item> items, int64_t count) {
        found.insert(found.end(), items.begin(), items.end());
        found.push_back(UINT64_MAX);
        found.push_back(static_cast<uint64_t>(count));
      });
  EXPECT_TRUE(status.ok()) << status;
  return found;
}

TEST(ThreadsTest, FindTheSameInTheSameOrder) {
  for (const Item items : {300, 5000}) {
    const OwnedBaskets owned = ManyBaskets(items, items);
    std::mt19937_64 random(items);
    std::vector<int64_t> weights;
    std::vector<uint32_t> chosen;
    for (uint32_t i = 0; i < owned.view().size(); ++i) {
      weights.push_back(1 + static_cast<int64_t>(random() % 4));
      if (random() % 4 != 0) chosen.push_back(i);
    }
    BasketView weighted = owned.view();
    weighted.weights = weights;
    BasketView subset = owned.view();
    subset.chosen = chosen;
    for (const BasketView& view : {owned.view(), weighted, subset}) {
      for (const Target target : {Target::kAll, Target::kClosed}) {
        // The last one counts pairs first.
        for (const int64_t min_count : {8, 40, 400}) {
          ItemsetQuery query = {.min_count = min_count, .target = target};
          const std::vector<uint64_t> expected = Found(view, query);
          EXPECT_FALSE(expected.empty());
          for (const int threads : {2, 3}) {
            query.threads = threads;
            EXPECT_TRUE(Found(view, query) == expected);
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace clustr::mining
