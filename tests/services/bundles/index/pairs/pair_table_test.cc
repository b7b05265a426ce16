#include "services/bundles/index/pairs/pair_table.h"

#include <map>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "services/bundles/index/queries.h"
#include "services/bundles/index/shop_index.h"
#include "tests/services/bundles/index/model_shop.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::index {
namespace {

using PairCounts = std::map<std::pair<Item, Item>, uint32_t>;

absl::Status StillWanted() { return absl::OkStatus(); }

PairCounts BruteForce(const Snapshot& shop, const Selection& selection,
                      const std::vector<uint8_t>& kept, uint32_t min_count) {
  PairCounts counts;
  ForEachBasket(shop, selection, {}, [&](Slot slot) {
    for (const Item a : shop.items(slot)) {
      for (const Item b : shop.items(slot)) {
        if (b < a && kept[a] && kept[b]) ++counts[{a, b}];
      }
    }
  });
  std::erase_if(counts, [&](const auto& pair) { return pair.second < min_count; });
  return counts;
}

PairCounts PairsOf(const PairTable& table, uint32_t min_count) {
  PairCounts counts;
  table.ForEachPair([&](Item) { return min_count; },
                    [&](Item a, Item b, uint32_t count) {
                      EXPECT_TRUE(counts.emplace(std::pair(a, b), count).second);
                      return true;
                    });
  return counts;
}

TEST(PairTableTest, EqualsBruteForceForAnyPopulationItemsAndThreads) {
  ForEachSeed(40, [&](uint64_t seed) {
    RandomShop random(seed);
    ShopIndex index;
    ModelShop model;
    for (int step = 0; step < 2'000; ++step) random.Change(model, index, 1'000, 90);
    const auto shop = index.Publish();
    const Population population = random.OneIn(2) ? random.MakePopulation() : Population();
    const Selection selection = Select(*shop, population);
    std::vector<uint8_t> kept(shop->item_count());
    for (uint8_t& item : kept) item = !random.OneIn(4);
    const PairCounting counting = {.threads = static_cast<int>(random.Number(1, 3))};
    const auto table = PairTable::Count(*shop, selection, kept, counting, StillWanted);
    ASSERT_TRUE(table.ok());
    const auto min_count = static_cast<uint32_t>(random.Number(1, 6));
    EXPECT_EQ(PairsOf(*table, min_count), BruteForce(*shop, selection, kept, min_count));
  });
}

// A shop in which all of `baskets` baskets hold products 1 to 3, which are items 0 to 2.
ShopIndex ShopOfThree(int64_t baskets) {
  ShopIndex index;
  for (int64_t id = 1; id <= baskets; ++id) index.PutBasket({id, 1, 0, "", "", {1, 2, 3}});
  return index;
}

// The first part of a count holds 256 values.
TEST(PairTableTest, CountsAreExactWhereTheirPartsMeet) {
  for (const int64_t baskets : {255, 256, 257, 511, 512, 70'000}) {
    ShopIndex index = ShopOfThree(baskets);
    const auto shop = index.Publish();
    const Selection all = Select(*shop, {});
    for (const int threads : {1, 2}) {
      const auto table =
          PairTable::Count(*shop, all, {1, 1, 1}, {.threads = threads}, StillWanted);
      ASSERT_TRUE(table.ok());
      const auto count = static_cast<uint32_t>(baskets);
      const PairCounts expected = {{{1, 0}, count}, {{2, 0}, count}, {{2, 1}, count}};
      EXPECT_EQ(PairsOf(*table, count), expected);
      EXPECT_TRUE(PairsOf(*table, count + 1).empty());
    }
  }
}

TEST(PairTableTest, VisitEndsTheWalk) {
  ShopIndex index = ShopOfThree(2);
  const auto shop = index.Publish();
  const auto table = PairTable::Count(*shop, Select(*shop, {}), std::vector<uint8_t>(3, 1), {},
                                      StillWanted);
  int visited = 0;
  table->ForEachPair([](Item) { return 1u; }, [&](Item, Item, uint32_t) { return ++visited < 2; });
  EXPECT_EQ(visited, 2);
}

TEST(PairTableTest, TooManyPairsAreRefused) {
  ShopIndex index = ShopOfThree(100);
  const auto shop = index.Publish();
  const Selection all = Select(*shop, {});
  const std::vector<uint8_t> kept(3, 1);
  EXPECT_TRUE(PairTable::Count(*shop, all, kept, {.max_pairs = 300}, StillWanted).ok());
  for (const int threads : {1, 2}) {
    const PairCounting counting = {.max_pairs = 299, .threads = threads};
    EXPECT_EQ(PairTable::Count(*shop, all, kept, counting, StillWanted).status().code(),
              absl::StatusCode::kResourceExhausted);
  }
}

TEST(PairTableTest, EndsWhenNobodyWantsIt) {
  ShopIndex index = ShopOfThree(200'000);
  const auto shop = index.Publish();
  int asked = 0;
  const auto gone = [&] { return ++asked < 2 ? absl::OkStatus() : absl::CancelledError("gone"); };
  const auto table =
      PairTable::Count(*shop, Select(*shop, {}), std::vector<uint8_t>(3, 1), {}, gone);
  EXPECT_EQ(table.status().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(asked, 2);
}

TEST(PairTableTest, SuitsManyBasketsWithFewProducts) {
  const std::vector<uint8_t> kept(1'000, 1);
  EXPECT_TRUE(PairTable::Suits(std::vector<uint32_t>(1'000, 1'000), kept, 100'000));
  EXPECT_FALSE(PairTable::Suits(std::vector<uint32_t>(1'000, 10), kept, 1'000));
  EXPECT_FALSE(PairTable::Suits(std::vector<uint32_t>(1'000, 0), kept, 0));
  EXPECT_FALSE(PairTable::Suits(std::vector<uint32_t>(20'000, 1'000'000),
                                std::vector<uint8_t>(20'000, 1), 2'000'000));
}

}  // namespace
}  // namespace clustr::index
