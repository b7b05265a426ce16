// Compares the fast search with slow ones, for every target, instruction set and number of threads.

#include "services/bundles/mining/search/itemset_search.h"

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "services/bundles/mining/itemsets.h"
#include "tests/services/bundles/mining/owned_baskets.h"
#include "tests/services/bundles/mining/plain_miner.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::mining {
namespace {

using Set = std::vector<Item>;
using Itemsets = std::map<Set, int64_t>;
// In the order in which they were found.
using Found = std::vector<std::pair<Set, int64_t>>;

// Baskets with everything that a view may have.
struct Database {
  OwnedBaskets baskets;
  std::vector<int64_t> weights;
  std::vector<uint32_t> chosen;

  BasketView view() const {
    BasketView view = baskets.view();
    view.weights = weights;
    view.chosen = chosen;
    return view;
  }
};

// Up to `max_baskets` baskets of up to `max_items` items, of any density; some items are in nearly
// all baskets. Sometimes the baskets have weights, some above 32 bits, and sometimes the view
// chooses a part of them.
Database RandomDatabase(std::mt19937_64& random, size_t max_baskets, Item max_items) {
  Database database;
  const size_t size = 1 + random() % max_baskets;
  const Item items = 1 + static_cast<Item>(random() % max_items);
  std::vector<uint64_t> shares(items);
  const uint64_t densest = 1 + random() % 100;
  for (uint64_t& share : shares) share = random() % 8 == 0 ? 97 : 1 + random() % densest;
  for (size_t i = 0; i < size; ++i) {
    Set basket;
    for (Item item = 0; item < items; ++item) {
      if (random() % 100 < shares[item]) basket.push_back(item * 3);
    }
    database.baskets.Add(basket);
    if (i % 5 == 4) database.baskets.Add(basket);
  }
  const size_t total = database.baskets.view().size();
  if (random() % 3 == 0) {
    const uint64_t heaviest = random() % 2 == 0 ? 3 : uint64_t{1} << 40;
    for (size_t i = 0; i < total; ++i) {
      database.weights.push_back(static_cast<int64_t>(1 + random() % heaviest));
    }
  }
  if (random() % 3 == 0) {
    for (uint32_t i = 0; i < total; ++i) {
      if (random() % 2 == 0) database.chosen.push_back(i);
    }
    std::shuffle(database.chosen.begin(), database.chosen.end(), random);
  }
  return database;
}

// Many rare items and some frequent ones, bought independently and in a few hundred sets, so that
// the search uses the horizontal layout. Sometimes with weights.
Database SparseDatabase(std::mt19937_64& random) {
  Database database;
  const size_t size = 500 + random() % 4000;
  const Item items = 100 + static_cast<Item>(random() % 2500);
  const auto skewed = [&] { return static_cast<Item>(items / (1 + random() % items)); };
  const auto any = [&] { return static_cast<Item>(random() % items); };
  std::vector<Set> bought_together(20 + random() % 300);
  for (Set& together : bought_together) {
    for (size_t k = 2 + random() % 4; k > 0; --k) together.push_back(any());
  }
  for (size_t i = 0; i < size; ++i) {
    Set basket = bought_together[random() % bought_together.size()];
    for (size_t k = random() % 6; k > 0; --k) basket.push_back(k % 2 == 0 ? any() : skewed());
    database.baskets.Add(basket);
  }
  const bool weighted = random() % 4 == 0;
  for (size_t i = 0; weighted && i < size; ++i) {
    database.weights.push_back(static_cast<int64_t>(1 + random() % 3));
  }
  return database;
}

Itemsets AllFrequent(const BasketView& baskets, int64_t min_count) {
  Itemsets all;
  MineItemsetsPlainly(baskets, {.min_count = min_count, .max_size = 1000},
                      [&](absl::Span<const Item> items, int64_t count) {
                        all.emplace(Set(items.begin(), items.end()), count);
                      });
  return all;
}

// The itemsets that satisfy `query`, by definition.
Itemsets Expected(const Itemsets& all, const ItemsetQuery& query) {
  Itemsets expected = all;
  if (query.target != Target::kAll) {
    for (const auto& [set, count] : all) {
      for (size_t i = 0; i < set.size(); ++i) {
        Set subset = set;
        subset.erase(subset.begin() + static_cast<ptrdiff_t>(i));
        const auto found = all.find(subset);
        if (found == all.end()) continue;
        if (query.target == Target::kMaximal || found->second == count) expected.erase(subset);
      }
    }
  }
  Set required = query.required;
  std::sort(required.begin(), required.end());
  for (auto at = expected.begin(); at != expected.end();) {
    const Set& set = at->first;
    const int size = static_cast<int>(set.size());
    const bool wanted = size >= query.min_size && size <= query.max_size &&
                        std::includes(set.begin(), set.end(), required.begin(), required.end());
    at = wanted ? std::next(at) : expected.erase(at);
  }
  return expected;
}

Found FindAll(const BasketView& baskets, const ItemsetQuery& query, InstructionSet instructions,
              int threads) {
  Found found;
  const auto sink = [&](absl::Span<const Item> items, int64_t count) {
    EXPECT_TRUE(std::is_sorted(items.begin(), items.end()));
    found.emplace_back(Set(items.begin(), items.end()), count);
  };
  SinkStream stream(sink, query.min_count, query.min_size, query.max_size, query.max_itemsets);
  const absl::Status status = RunItemsetSearch({.baskets = baskets,
                                                .target = query.target,
                                                .required = query.required,
                                                .threads = threads,
                                                .limits = query.limits,
                                                .instructions = instructions},
                                               stream);
  EXPECT_TRUE(status.ok()) << status;
  return found;
}

void ExpectAgreement(const Database& database, const Itemsets& all, const ItemsetQuery& query) {
  const Found found = FindAll(database.view(), query, InstructionSet::kPortable, 1);
  const Itemsets as_map(found.begin(), found.end());
  ASSERT_EQ(as_map.size(), found.size()) << "a set came twice";
  ASSERT_EQ(as_map, Expected(all, query));
  for (const InstructionSet instructions : SupportedInstructionSets()) {
    ASSERT_EQ(FindAll(database.view(), query, instructions, 1), found);
  }
  ASSERT_EQ(FindAll(database.view(), query, SupportedInstructionSets().back(), 3), found);
}

ItemsetQuery RandomQuery(std::mt19937_64& random, const Itemsets& all) {
  ItemsetQuery query;
  query.target = static_cast<Target>(random() % 3);
  query.min_size = 1 + static_cast<int>(random() % 3);
  query.max_size = random() % 2 == 0 ? 1000 : query.min_size + static_cast<int>(random() % 4);
  if (!all.empty() && random() % 3 == 0) {
    const Set& set = std::next(all.begin(), static_cast<ptrdiff_t>(random() % all.size()))->first;
    query.required = {set.begin(), set.begin() + static_cast<ptrdiff_t>((set.size() + 1) / 2)};
  }
  return query;
}

// The lowest min_count that gives at most `max_itemsets` itemsets.
int64_t MinCount(const BasketView& baskets, int64_t max_itemsets) {
  return MinFittingCount(baskets, {.max_size = 1000, .max_itemsets = max_itemsets}).value();
}

template <class MakeDatabase>
void CompareDatabases(uint64_t seeds, int64_t max_itemsets, MakeDatabase make_database) {
  ForEachSeed(seeds, [&](uint64_t seed) {
    std::mt19937_64 random(seed);
    const Database database = make_database(random);
    ItemsetQuery query;
    const int64_t min_count = MinCount(database.view(), max_itemsets);
    const Itemsets all = AllFrequent(database.view(), min_count);
    ASSERT_LE(all.size(), static_cast<size_t>(max_itemsets));
    query = RandomQuery(random, all);
    query.min_count = min_count;
    ExpectAgreement(database, all, query);
  });
}

void CompareRandomDatabases(uint64_t seeds, size_t max_baskets, Item max_items,
                            int64_t max_itemsets) {
  CompareDatabases(seeds, max_itemsets, [&](std::mt19937_64& random) {
    return RandomDatabase(random, max_baskets, max_items);
  });
}

TEST(ItemsetSearchTest, AgreesOnTinyDatabases) { CompareRandomDatabases(3000, 12, 8, 300); }

TEST(ItemsetSearchTest, AgreesOnSmallDatabases) { CompareRandomDatabases(1000, 100, 20, 500); }

TEST(ItemsetSearchTest, AgreesOnMiddlingDatabases) { CompareRandomDatabases(200, 800, 60, 2000); }

TEST(ItemsetSearchTest, AgreesOnLargerDatabases) { CompareRandomDatabases(12, 5000, 200, 3000); }

TEST(ItemsetSearchTest, AgreesOnSparseDatabases) { CompareDatabases(60, 6000, SparseDatabase); }

// There are more codes than 16 bits hold.
TEST(ItemsetSearchTest, FindsPairsOfAHundredThousandItems) {
  constexpr Item kItems = 100'000;
  Database database;
  for (int round = 0; round < 2; ++round) {
    for (Item item = 0; item < kItems; item += 2) database.baskets.Add({item, item + 1});
  }
  for (const Target target : {Target::kAll, Target::kClosed, Target::kMaximal}) {
    for (const int threads : {1, 2}) {
      const Found found = FindAll(database.view(), {.min_count = 2, .target = target},
                                  SupportedInstructionSets().back(), threads);
      ASSERT_EQ(found.size(), target == Target::kAll ? kItems / 2 * 3 : kItems / 2);
      for (const auto& [set, count] : found) {
        ASSERT_EQ(count, 2);
        ASSERT_EQ(set.front() / 2, set.back() / 2);
      }
    }
  }
}

TEST(ItemsetSearchTest, DoesNotDependOnTheOrderOfBaskets) {
  ForEachSeed(100, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    Database database = RandomDatabase(random, 1000, 60);
    ItemsetQuery query = {.max_size = 6};
    query.min_count = MinCount(database.view(), 2000);
    query.target = static_cast<Target>(random() % 3);
    if (database.chosen.empty()) {
      for (uint32_t i = 0; i < database.baskets.view().size(); ++i) database.chosen.push_back(i);
    }
    const Found before = FindAll(database.view(), query, SupportedInstructionSets().back(), 1);
    std::shuffle(database.chosen.begin(), database.chosen.end(), random);
    ASSERT_EQ(FindAll(database.view(), query, SupportedInstructionSets().back(), 2), before);
  });
}

TEST(ItemsetSearchTest, TopItemsetsAreTheBestOfAll) {
  ForEachSeed(300, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    const Database database = RandomDatabase(random, 200, 30);
    const int64_t min_count = MinCount(database.view(), 3000);
    const Itemsets all = AllFrequent(database.view(), min_count);
    ItemsetQuery query = RandomQuery(random, all);
    query.min_count = min_count;
    query.threads = 1 + static_cast<int>(random() % 2);
    const Itemsets expected = Expected(all, query);
    Found ranked(expected.begin(), expected.end());
    std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
      if (a.second != b.second) return a.second > b.second;
      if (a.first.size() != b.first.size()) return a.first.size() < b.first.size();
      return a.first < b.first;
    });
    const size_t k = random() % 200;
    ranked.resize(std::min(ranked.size(), k));
    const absl::StatusOr<ItemsetList> top = MineTopItemsets(database.view(), query, k);
    ASSERT_TRUE(top.ok()) << top.status();
    Found found;
    for (size_t i = 0; i < top->size(); ++i) {
      found.emplace_back(Set((*top)[i].begin(), (*top)[i].end()), top->counts[i]);
    }
    ASSERT_EQ(found, ranked);
  });
}

TEST(ItemsetSearchTest, MinFittingCountFitsAndOneLessDoesNot) {
  ForEachSeed(300, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    const Database database = RandomDatabase(random, 100, 20);
    ItemsetQuery query = {.max_size = 1000};
    query.target = random() % 2 == 0 ? Target::kAll : Target::kClosed;
    query.min_count = MinCount(database.view(), 2000);
    const Itemsets all = AllFrequent(database.view(), query.min_count);
    query.max_itemsets = static_cast<int64_t>(random() % 50);
    const int64_t fits = MinFittingCount(database.view(), query).value();
    const auto reaching = [&](int64_t min_count) {
      const Itemsets expected = Expected(all, query);
      return std::count_if(expected.begin(), expected.end(),
                           [&](const auto& set) { return set.second >= min_count; });
    };
    ASSERT_LE(reaching(fits), query.max_itemsets);
    if (fits > query.min_count) {
      ASSERT_GT(reaching(fits - 1), query.max_itemsets);
    }
  });
}

}  // namespace
}  // namespace clustr::mining
