// The result has the same bytes in the same order for any number of threads.

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <numeric>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "services/bundles/mining/itemsets.h"
#include "services/bundles/mining/search/search_tasks.h"
#include "tests/services/bundles/mining/owned_baskets.h"

namespace clustr::mining {
namespace {

// Enough baskets that every thread prepares some, of skewed items, with empty ones at the end.
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
  // With few items, frequent codes are split into several tasks.
  for (const Item items : {40, 300, 5000}) {
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
      for (const Target target : {Target::kAll, Target::kClosed, Target::kMaximal}) {
        // The last one makes the search count pairs first.
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

// The counts of all items were once summed in 64 bits, and this sum needs more.
TEST(ThreadsTest, CountsMayTogetherExceed64Bits) {
  const OwnedBaskets owned({{1, 2, 3, 4}, {1, 2, 3, 4}, {1, 2, 3}});
  const std::vector<int64_t> weights(3, int64_t{1} << 61);
  BasketView view = owned.view();
  view.weights = weights;
  ItemsetQuery query = {.min_count = int64_t{1} << 62};
  const std::vector<uint64_t> expected = Found(view, query);
  EXPECT_FALSE(expected.empty());
  query.threads = 2;
  EXPECT_EQ(Found(view, query), expected);
}

// The codes and extensions that one thread searched. Each code has `extensions` extensions.
using Done = std::vector<std::pair<uint32_t, uint32_t>>;

Done DoTasks(const SearchTasks& tasks, std::atomic<uint32_t>& next, uint32_t codes,
             uint32_t extensions, SearchControl& control, OrderedDelivery& delivery) {
  TaskStream stream(delivery, 1, 1, 10);
  TaskClaims claims(tasks, next, control, stream);
  Done done;
  for (uint32_t code = 0; code < codes; ++code) {
    if (!claims.ClaimCode(code)) continue;
    const std::array<Item, 1> alone = {code};
    EXPECT_TRUE(stream.Put(alone, 1));  // Dropped unless the first slot belongs to this thread.
    for (uint32_t i = 0; i < extensions; ++i) {
      if (claims.splits() && !claims.ClaimExtension(i, extensions)) continue;
      done.emplace_back(code, i);
      const std::array<Item, 2> pair = {code, 1000 + i};
      EXPECT_TRUE(stream.Put(pair, 1));
    }
  }
  claims.Finish();
  return done;
}

TEST(ThreadsTest, EachPartOfATaskIsDoneOnceAndDeliveredInOrder) {
  for (const uint32_t codes : {1u, 7u, 128u, 300u}) {
    for (const uint32_t extensions : {0u, 3u, 8u, 30u}) {
      const SearchTasks tasks(std::vector<int64_t>(codes, 100));
      const MiningLimits limits;
      SearchControl control(limits);
      std::vector<std::vector<Item>> delivered;
      const auto sink = [&](absl::Span<const Item> items, int64_t) {
        delivered.emplace_back(items.begin(), items.end());
      };
      SinkStream out(sink, 1, 1, 10, INT64_MAX);
      OrderedDelivery delivery(out, control);
      std::atomic<uint32_t> next = 0;
      Done mine;
      Done others;
      std::thread other(
          [&] { others = DoTasks(tasks, next, codes, extensions, control, delivery); });
      mine = DoTasks(tasks, next, codes, extensions, control, delivery);
      other.join();
      mine.insert(mine.end(), others.begin(), others.end());
      std::sort(mine.begin(), mine.end());
      Done expected;
      std::vector<std::vector<Item>> in_order;
      for (uint32_t code = 0; code < codes; ++code) {
        in_order.push_back({code});
        for (uint32_t i = 0; i < extensions; ++i) {
          expected.emplace_back(code, i);
          in_order.push_back({code, 1000 + i});
        }
      }
      ASSERT_EQ(mine, expected);
      ASSERT_EQ(delivered, in_order);
    }
  }
}

TEST(ThreadsTest, BufferedItemsetsComeBackInOrderAndChunksAreUsedAgain) {
  ChunkPool pool;
  ItemsetBuffer buffer(pool);
  std::vector<Item> large(ChunkPool::kWords);
  std::iota(large.begin(), large.end(), Item{0});
  const auto expect = [&](int64_t sets) {
    int64_t next = 0;
    const auto sink = [&](absl::Span<const Item> items, int64_t count) {
      ASSERT_EQ(count, (next + 1) << 33);
      ASSERT_EQ(items, absl::MakeConstSpan(large).first(static_cast<size_t>(next % 50)));
      ++next;
    };
    SinkStream out(sink, 1, 0, INT32_MAX, INT64_MAX);
    ASSERT_TRUE(PutAll(buffer.TakePieces(), out));
    ASSERT_EQ(next, sets);
  };
  for (int round = 0; round < 3; ++round) {
    constexpr int64_t kSets = 100'000;
    for (int64_t i = 0; i < kSets; ++i) {
      buffer.Add(absl::MakeConstSpan(large).first(static_cast<size_t>(i % 50)), (i + 1) << 33);
    }
    EXPECT_GT(buffer.bytes(), ChunkPool::kWords * sizeof(uint32_t));
    expect(kSets);
    EXPECT_EQ(buffer.bytes(), 0u);
  }
  // No chunk of the usual size has room for this set.
  buffer.Add(large, 5);
  const ItemsetPieces pieces = buffer.TakePieces();
  size_t seen = 0;
  const auto sink = [&](absl::Span<const Item> items, int64_t) { seen = items.size(); };
  SinkStream out(sink, 1, 0, INT32_MAX, INT64_MAX);
  ASSERT_TRUE(PutAll(pieces, out));
  EXPECT_EQ(seen, large.size());
}

}  // namespace
}  // namespace clustr::mining
