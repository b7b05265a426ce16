#include "services/bundles/scoring/walk/basket_lists.h"

#include <algorithm>
#include <iterator>
#include <random>
#include <set>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/index/shop_index.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::scoring {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<Slot> RandomSlots(std::mt19937_64& random, size_t count, Slot below) {
  std::set<Slot> slots;
  while (slots.size() < count) slots.insert(static_cast<Slot>(random() % below));
  return {slots.begin(), slots.end()};
}

TEST(IntersectTest, EqualsSetIntersectionWhetherItMergesOrSearches) {
  ForEachSeed(200, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    const std::vector<Slot> a = RandomSlots(random, random() % 400, 20'000);
    const std::vector<Slot> b = RandomSlots(random, random() % 16'000, 20'000);
    std::vector<Slot> expected;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(expected));
    StepBudget budget(INT64_MAX, AlwaysWanted);
    std::vector<Slot> common;
    EXPECT_TRUE(Intersect(a, b, 0, &common, &budget));
    EXPECT_EQ(common, expected);
    EXPECT_TRUE(Intersect(b, a, expected.size(), &common, &budget));
    EXPECT_EQ(common, expected);
    EXPECT_FALSE(Intersect(a, b, expected.size() + 1, &common, &budget));
    std::vector<uint64_t> bits(20'000 / 64 + 1);
    for (const Slot slot : b) bits[slot / 64] |= uint64_t{1} << (slot % 64);
    EXPECT_TRUE(Intersect(a, bits, expected.size(), &common, &budget));
    EXPECT_EQ(common, expected);
    EXPECT_FALSE(Intersect(a, bits, expected.size() + 1, &common, &budget));
  });
}

TEST(IntersectTest, EndsWithTheBudget) {
  StepBudget budget(100, AlwaysWanted);
  std::vector<Slot> many(10'000);
  for (Slot i = 0; i < many.size(); ++i) many[i] = i;
  std::vector<Slot> common;
  EXPECT_FALSE(Intersect(many, many, 0, &common, &budget));
  EXPECT_TRUE(absl::IsResourceExhausted(budget.status()));
}

TEST(BasketListsTest, BitsAreThoseOfTheListWhereTheyTakeNoMoreMemory) {
  index::ShopIndex index;
  for (int64_t id = 1; id <= 1'000; ++id) {
    std::vector<int64_t> skus = {1};
    if (id % 3 == 0) skus.push_back(2);
    if (id == 500) skus.push_back(3);
    index.PutBasket({id, 1, 0, "", "", skus});
  }
  const auto snapshot = index.Publish();
  const index::Selection all = index::Select(*snapshot, {});
  StepBudget budget(INT64_MAX, AlwaysWanted);
  BasketLists lists(*snapshot, all, &budget);
  for (const int64_t sku : {1, 2}) {
    const Item item = *snapshot->item_of(sku);
    std::vector<uint64_t> bits(all.words.size());
    for (const Slot slot : lists.Of(item)) bits[slot / 64] |= uint64_t{1} << (slot % 64);
    EXPECT_EQ(std::vector<uint64_t>(lists.BitsOf(item).begin(), lists.BitsOf(item).end()), bits);
  }
  EXPECT_THAT(lists.BitsOf(*snapshot->item_of(3)), IsEmpty());
}

TEST(BasketListsTest, HasTheLiveBasketsOfTheSelection) {
  index::ShopIndex index;
  index.PutBasket({1, 1, 0, "web", "", {7, 8}});
  index.PutBasket({2, 1, 0, "web", "", {7}});
  index.PutBasket({3, 1, 0, "store", "", {7}});
  index.PutBasket({4, 1, 0, "web", "", {8}});
  index.RemoveBasket(1);
  const auto snapshot = index.Publish();
  index::Population population;
  population.channels = {"web"};
  const index::Selection selection = index::Select(*snapshot, population);
  StepBudget budget(1'000, AlwaysWanted);
  BasketLists lists(*snapshot, selection, &budget);
  const auto transactions = [&](int64_t sku) {
    std::vector<int64_t> ids;
    for (const Slot slot : lists.Of(*snapshot->item_of(sku))) {
      ids.push_back(snapshot->transaction_id(slot));
    }
    return ids;
  };
  EXPECT_THAT(transactions(7), ElementsAre(2));
  EXPECT_THAT(transactions(8), ElementsAre(4));
  EXPECT_THAT(transactions(7), ElementsAre(2)) << "kept";
  StepBudget none(1, AlwaysWanted);
  BasketLists refused(*snapshot, selection, &none);
  EXPECT_THAT(refused.Of(*snapshot->item_of(7)), IsEmpty());
  EXPECT_FALSE(none.status().ok());
}

}  // namespace
}  // namespace clustr::scoring
