#include "services/bundles/index/pairs/pair_tables.h"

#include <algorithm>
#include <map>
#include <memory>
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

PairCounts BruteForce(const Snapshot& shop, const Selection& selection) {
  PairCounts counts;
  ForEachBasket(shop, selection, {}, [&](Slot slot) {
    for (const Item a : shop.items(slot)) {
      for (const Item b : shop.items(slot)) {
        if (b < a) ++counts[{a, b}];
      }
    }
  });
  return counts;
}

PairCounts PairsOf(const PairTable& table) {
  PairCounts counts;
  table.ForEachPair([](Item) { return 1u; },
                    [&](Item a, Item b, uint32_t count) {
                      EXPECT_TRUE(counts.emplace(std::pair(a, b), count).second);
                      return true;
                    });
  return counts;
}

// Whatever was counted before, for other populations, for earlier and later states, with fewer
// products or in a log that was compacted since: a table has the counts of its own baskets.
TEST(PairTablesTest, EqualBruteForceWhateverWasCountedBefore) {
  ForEachSeed(20, [&](uint64_t seed) {
    RandomShop random(seed);
    ShopIndex index;
    ModelShop model;
    PairTables tables(random.OneIn(2) ? size_t{1} << 14 : size_t{1} << 20);
    std::vector<std::shared_ptr<const Snapshot>> shops;
    for (int round = 0; round < 12; ++round) {
      const int64_t products = 10 + 4 * round;
      for (int step = 0; step < 200; ++step) random.Change(model, index, 300, products);
      shops.push_back(index.Publish());
      for (int question = 0; question < 4; ++question) {
        const auto& shop = random.OneIn(3) ? shops[random.Number(0, round)] : shops.back();
        const Population population = random.OneIn(2) ? random.MakePopulation() : Population();
        const Selection selection = Select(*shop, population);
        const int threads = static_cast<int>(random.Number(1, 3));
        const auto table = tables.Get(*shop, selection, threads, StillWanted);
        ASSERT_TRUE(table.ok()) << table.status();
        ASSERT_EQ(PairsOf(**table), BruteForce(*shop, selection));
        EXPECT_EQ(tables.Find(*shop, selection), *table);
      }
    }
  });
}

// Counts above 256 have two parts, which must agree after baskets are added and removed.
TEST(PairTablesTest, CountsAreExactWhereTheirPartsMeet) {
  for (const int64_t removed : {1, 255, 256, 257, 600, 1'000}) {
    ShopIndex index;
    PairTables tables;
    for (int64_t id = 1; id <= 1'000; ++id) index.PutBasket({id, 1, 0, "", "", {1, 2, 3}});
    auto shop = index.Publish();
    ASSERT_TRUE(tables.Get(*shop, Select(*shop, {}), 1, StillWanted).ok());
    for (int64_t id = 1; id <= removed; ++id) index.RemoveBasket(id);
    for (int64_t id = 2'001; id <= 2'300; ++id) index.PutBasket({id, 1, 0, "", "", {1, 2}});
    shop = index.Publish();
    const Selection all = Select(*shop, {});
    const auto table = tables.Get(*shop, all, 1, StillWanted);
    ASSERT_TRUE(table.ok());
    EXPECT_EQ(PairsOf(**table), BruteForce(*shop, all)) << removed;
  }
}

// Two populations that are together a third of all baskets, and the rest.
TEST(PairTablesTest, LargePopulationsAreCountedByTheRestWithAnyThreads) {
  ShopIndex index;
  RandomShop random(7);
  for (int64_t id = 1; id <= 200'000; ++id) {
    index.PutBasket({id, 1, 0, id % 3 == 0 ? "web" : "store", "", random.Skus(6, 40)});
  }
  const auto shop = index.Publish();
  Population store;
  store.channels = {"store"};
  const Selection most = Select(*shop, store);
  const PairCounts expected = BruteForce(*shop, most);
  for (const int threads : {1, 2}) {
    PairTables tables;
    ASSERT_TRUE(tables.Get(*shop, Select(*shop, {}), threads, StillWanted).ok());
    const auto table = tables.Get(*shop, most, threads, StillWanted);
    ASSERT_TRUE(table.ok());
    EXPECT_EQ(PairsOf(**table), expected);
  }
}

// Those of all baskets, of each value of one attribute and of both attributes are made from one
// another by sums and differences.
TEST(PairTablesTest, SumsAndDifferencesOfPopulationsEqualBruteForce) {
  ForEachSeed(5, [](uint64_t seed) {
    RandomShop random(seed);
    ShopIndex index;
    for (int64_t id = 1; id <= 3'000; ++id) {
      index.PutBasket({id, 1, 0, random.OneIn(2) ? "web" : "store",
                       random.OneIn(3) ? "cash" : "card", random.Skus(6, 12)});
    }
    const auto shop = index.Publish();
    PairTables tables;
    for (int question = 0; question < 20; ++question) {
      Population population;
      if (!random.OneIn(3)) population.channels = {random.OneIn(2) ? "web" : "store"};
      if (!random.OneIn(3)) population.payment_types = {random.OneIn(2) ? "cash" : "card"};
      const Selection selection = Select(*shop, population);
      const auto table = tables.Get(*shop, selection, 1, StillWanted);
      ASSERT_TRUE(table.ok());
      ASSERT_EQ(PairsOf(**table), BruteForce(*shop, selection));
    }
  });
}

TEST(PairTableTest, CombinesBasketsOfBoth) {
  ShopIndex index;
  RandomShop random(1);
  for (int64_t id = 1; id <= 3'000; ++id) {
    index.PutBasket({id, 1, 0, random.OneIn(3) ? "web" : "store", "", random.Skus(6, 12)});
  }
  const auto shop = index.Publish();
  const auto count = [&](const Population& population) {
    return *PairTable::Count(*shop, Select(*shop, population),
                             std::vector<uint8_t>(shop->item_count(), 1), {}, StillWanted);
  };
  Population web, store;
  web.channels = {"web"};
  store.channels = {"store"};
  EXPECT_EQ(PairsOf(PairTable::Combine(count(web), count(store), true)), PairsOf(count({})));
  EXPECT_EQ(PairsOf(PairTable::Combine(count({}), count(store), false)), PairsOf(count(web)));
}

TEST(PairTablesTest, KeepsWhatFitsAndThatOfAllBasketsLongest) {
  ShopIndex index;
  RandomShop random(1);
  ModelShop model;
  for (int step = 0; step < 500; ++step) random.Change(model, index, 300, 20);
  const auto shop = index.Publish();
  const Selection all = Select(*shop, {});
  std::vector<Selection> others;
  for (const char* channel : {"channel0", "channel1", "channel2"}) {
    Population population;
    population.channels = {channel};
    others.push_back(Select(*shop, population));
  }
  PairTables measured;
  const size_t bytes = (*measured.Get(*shop, all, 1, StillWanted))->memory_bytes() +
                       all.words.size() * sizeof(uint64_t);
  PairTables tables(2 * bytes + bytes / 2);
  ASSERT_TRUE(tables.Get(*shop, all, 1, StillWanted).ok());
  for (const Selection& other : others) ASSERT_TRUE(tables.Get(*shop, other, 1, StillWanted).ok());
  EXPECT_NE(tables.Find(*shop, all), nullptr);
  EXPECT_EQ(tables.Find(*shop, others[0]), nullptr);
  EXPECT_EQ(tables.Find(*shop, others[1]), nullptr);
  EXPECT_NE(tables.Find(*shop, others[2]), nullptr);
}

// A shop with few products has small tables, of which very many fit into memory.
TEST(PairTablesTest, LookUpsAmongManySmallTablesAreBounded) {
  ShopIndex index;
  const auto day_of = [](int64_t id) { return static_cast<int32_t>(id % 300); };
  for (int64_t id = 1; id <= 1'200; ++id) index.PutBasket({id, 1, day_of(id), "", "", {1, 2, 3}});
  const auto shop = index.Publish();
  const auto days_up_to = [&](int32_t day) {
    Selection selection = Select(*shop, {});
    selection.everything = false;
    selection.basket_count = 0;
    std::fill(selection.words.begin(), selection.words.end(), 0);
    for (int64_t id = 1; id <= 1'200; ++id) {
      if (day_of(id) > day) continue;
      const Slot slot = static_cast<Slot>(id - 1);
      selection.words[slot / 64] |= uint64_t{1} << (slot % 64);
      ++selection.basket_count;
    }
    return selection;
  };
  PairTables tables;
  const Selection all = Select(*shop, {});
  ASSERT_TRUE(tables.Get(*shop, all, 1, StillWanted).ok());
  for (int32_t day = 0; day < 298; ++day) {
    ASSERT_TRUE(tables.Get(*shop, days_up_to(day), 1, StillWanted).ok());
  }
  EXPECT_NE(tables.Find(*shop, all), nullptr);
  EXPECT_EQ(tables.Find(*shop, days_up_to(298 - PairTables::kMostTables)), nullptr);
  const Selection last = days_up_to(298);
  size_t asked = 0;
  const auto while_others_ask = [&] {
    EXPECT_NE(tables.Find(*shop, all), nullptr) << "others must not wait";
    ++asked;
    return absl::OkStatus();
  };
  const auto table = tables.Get(*shop, last, 1, while_others_ask);
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(PairsOf(**table), BruteForce(*shop, last));
  EXPECT_GE(asked, PairTables::kMostTables) << "once for each table at least";
  EXPECT_LE(asked, 2 * PairTables::kMostTables);
}

TEST(PairTablesTest, NothingIsKeptOfWhatNobodyWanted) {
  ShopIndex index;
  for (int64_t id = 1; id <= 100; ++id) index.PutBasket({id, 1, 0, "", "", {1, 2, 3}});
  const auto shop = index.Publish();
  const Selection all = Select(*shop, {});
  PairTables tables;
  const auto gone = [] { return absl::CancelledError("gone"); };
  EXPECT_EQ(tables.Get(*shop, all, 1, gone).status().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(tables.Find(*shop, all), nullptr);
}

}  // namespace
}  // namespace clustr::index
