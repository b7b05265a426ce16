#include "services/bundles/index/co_counts.h"

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/index/shop_index.h"
#include "tests/services/bundles/index/model_shop.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::index {
namespace {

using SkuCounts = std::map<int64_t, int64_t>;

SkuCounts BruteForce(const ModelShop& model, int64_t sku) {
  SkuCounts counts;
  for (const auto& [id, skus] : model.Select(Population())) {
    if (!skus.contains(sku)) continue;
    for (int64_t other : skus) {
      if (other != sku) ++counts[other];
    }
  }
  return counts;
}

SkuCounts RowOf(CoCounts& co_counts, const Snapshot& snapshot, Item item) {
  const std::shared_ptr<const CoCountRow> row = co_counts.Get(snapshot, item);
  EXPECT_TRUE(std::is_sorted(row->items.begin(), row->items.end()));
  SkuCounts counts;
  for (size_t i = 0; i < row->items.size(); ++i) {
    counts[snapshot.sku_of(row->items[i])] = row->counts[i];
  }
  EXPECT_EQ(counts.size(), row->items.size());
  return counts;
}

TEST(CoCountsTest, EqualsBruteForceForwardsAndBackwardsInTime) {
  ForEachSeed(10, [&](uint64_t seed) {
    RandomShop random(seed);
    ShopIndex index;
    ModelShop model;
    CoCounts co_counts;
    std::vector<std::pair<std::shared_ptr<const Snapshot>, ModelShop>> versions;
    for (int step = 0; step < 1'500; ++step) {
      random.Change(model, index, 400, 30);
      if (step > 700 && random.OneIn(20)) versions.emplace_back(index.Publish(), model);
    }
    for (int n = 0; n < 600; ++n) {
      const auto& [snapshot, held_model] = versions[random.Number(0, versions.size() - 1)];
      const Item item = static_cast<Item>(random.Number(0, 5));
      ASSERT_EQ(RowOf(co_counts, *snapshot, item), BruteForce(held_model, snapshot->sku_of(item)));
    }
  });
}

TEST(CoCountsTest, EqualsBruteForceAcrossACompaction) {
  RandomShop random(3);
  ShopIndex index;
  ModelShop model;
  CoCounts co_counts;
  for (int step = 0; step < 3'000; ++step) random.Change(model, index, 1'000, 30);
  const auto before = index.Publish();
  const ModelShop model_before = model;
  EXPECT_EQ(RowOf(co_counts, *before, 0), BruteForce(model, before->sku_of(0)));
  for (int step = 0; step < 150'000; ++step) random.Change(model, index, 1'000, 30);
  const auto after = index.Publish();
  ASSERT_NE(before->log().id(), after->log().id());
  EXPECT_EQ(RowOf(co_counts, *after, 0), BruteForce(model, after->sku_of(0)));
  EXPECT_EQ(RowOf(co_counts, *before, 0), BruteForce(model_before, before->sku_of(0)));
}

TEST(CoCountsTest, ReusesTheRowUntilABasketOfTheProductChanges) {
  ShopIndex index;
  index.PutBasket({1, 1, 0, "", "", {10, 20}});
  CoCounts co_counts;
  const auto first = index.Publish();
  const Item item = *first->item_of(10);
  const auto row = co_counts.Get(*first, item);
  index.PutBasket({2, 1, 0, "", "", {20, 30}});
  EXPECT_EQ(co_counts.Get(*index.Publish(), item), row);
  index.PutBasket({2, 1, 0, "", "", {10, 30}});
  EXPECT_NE(co_counts.Get(*index.Publish(), item), row);
}

TEST(CoCountsTest, StaysExactWithinATinyBudget) {
  RandomShop random(4);
  ShopIndex index;
  ModelShop model;
  CoCounts co_counts(500);
  for (int step = 0; step < 500; ++step) random.Change(model, index, 300, 30);
  const auto snapshot = index.Publish();
  for (int n = 0; n < 100; ++n) {
    const Item item = static_cast<Item>(random.Number(0, snapshot->item_count() - 1));
    EXPECT_EQ(RowOf(co_counts, *snapshot, item), BruteForce(model, snapshot->sku_of(item)));
  }
}

TEST(CoCountsTest, ProductUnknownToTheSnapshotHasAnEmptyRow) {
  ShopIndex index;
  const auto before = index.Publish();
  index.PutBasket({1, 1, 0, "", "", {10, 20}});
  const auto after = index.Publish();
  CoCounts co_counts;
  EXPECT_EQ(co_counts.Get(*after, 0)->items.size(), 1u);
  EXPECT_EQ(co_counts.Get(*before, 0)->items.size(), 0u);
  EXPECT_EQ(co_counts.Get(*after, 0)->items.size(), 1u);
}

TEST(CoCountRowTest, CountOfFindsEveryItemHoweverItemsAreSpread) {
  EXPECT_EQ(CoCountRow().CountOf(0), 0);
  ForEachSeed(200, [&](uint64_t seed) {
    RandomShop random(seed);
    std::map<Item, uint32_t> counts;
    const int64_t reach = int64_t{1} << random.Number(1, 31);
    for (int64_t n = random.Number(1, 300); n > 0; --n) {
      const int64_t shift = random.Number(0, 31);
      counts[static_cast<Item>(random.Number(0, reach) >> shift)] = 1 + random.Number(0, 1000);
    }
    CoCountRow row;
    for (const auto& [item, count] : counts) {
      row.items.push_back(item);
      row.counts.push_back(count);
    }
    for (const auto& [item, count] : counts) {
      EXPECT_EQ(row.CountOf(item), count);
      EXPECT_EQ(row.CountOf(item + 1), counts.contains(item + 1) ? counts[item + 1] : 0);
    }
  });
}

TEST(CoCountsTest, RanksTheHighestCounts) {
  RandomShop random(7);
  ShopIndex index;
  ModelShop model;
  CoCounts co_counts(1 << 20, 5);
  for (int step = 0; step < 2'000; ++step) random.Change(model, index, 400, 30);
  const auto snapshot = index.Publish();
  for (Item item = 0; item < 5; ++item) {
    const auto row = co_counts.Get(*snapshot, item);
    std::vector<uint32_t> expected = row->counts;
    std::sort(expected.rbegin(), expected.rend());
    expected.resize(std::min<size_t>(5, expected.size()));
    std::vector<uint32_t> ranked;
    for (const CoCountRow::Ranked& entry : row->ranked) {
      EXPECT_EQ(row->CountOf(entry.item), entry.count);
      ranked.push_back(entry.count);
    }
    EXPECT_EQ(ranked, expected);
  }
}

}  // namespace
}  // namespace clustr::index
