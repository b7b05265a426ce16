#include "services/bundles/scoring/walk/bundle_walker.h"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/index/queries.h"
#include "services/bundles/index/shop_index.h"
#include "services/bundles/scoring/heuristic.h"
#include "services/bundles/scoring/walk/space_baskets.h"
#include "services/bundles/scoring/walk/triple_counts.h"
#include "tests/services/bundles/index/model_shop.h"
#include "tests/services/bundles/scoring/bundle_brute_force.h"
#include "tests/services/bundles/scoring/random_query.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::scoring {
namespace {

using index::ModelShop;
using index::Population;
using index::RandomShop;
using index::Selection;
using index::ShopIndex;
using index::Snapshot;
using SkuSet = ModelShop::SkuSet;

constexpr int64_t kEnough = 1'000'000'000;
constexpr int64_t kProducts = 14;

ModelShop MakeShop(RandomShop& random, ShopIndex& index) {
  ModelShop model;
  for (int step = 0; step < 800; ++step) random.Change(model, index, 400, kProducts);
  for (int64_t sku = 1000; sku > 1000 - kProducts; --sku) {
    if (!random.OneIn(6)) model.Put(index, sku, random.MakeProduct());
  }
  return model;
}

// All bundles of the space, with their counts. Expects none to be visited twice.
std::map<SkuSet, int64_t> Walk(const Snapshot& snapshot, const Selection& selection,
                               const BundleQuery& query, int64_t spent) {
  std::map<SkuSet, int64_t> found;
  const BundleSpace space(snapshot, selection, query, index::CountItems(snapshot, selection));
  if (space.empty()) return found;
  const PairStrengths pairs =
      *ComputeStrengths(snapshot, selection, ComputeReference(snapshot, selection)->maxima,
                        {.min_count = space.min_count()});
  StepBudget budget(kEnough, AlwaysWanted);
  SpaceBaskets baskets(snapshot, space, pairs, &budget, spent);
  const auto visit = [&](absl::Span<const Item> items, int64_t count) {
    SkuSet skus;
    for (const Item item : items) skus.insert(snapshot.sku_of(item));
    EXPECT_TRUE(found.emplace(skus, count).second);
    return true;
  };
  const auto worth = [](double) { return true; };
  const auto admits = [](absl::Span<const Item>, size_t) { return true; };
  const BundleWalker::Limits limits = {BundleWalker::Bound::kMean, worth, admits};
  EXPECT_TRUE(
      BundleWalker(space, pairs, &baskets.edges(), &baskets, &budget, limits, visit).Run().ok());
  EXPECT_EQ(baskets.Triples() != nullptr, spent > 0);
  return found;
}

TEST(BundleWalkerTest, VisitsWhatBruteForceFindsWithAndWithoutTheCountsOfAllTriples) {
  size_t larger = 0;
  ForEachSeed(100, [&](uint64_t seed) {
    RandomShop random(seed);
    ShopIndex index;
    const ModelShop model = MakeShop(random, index);
    const Population population = random.OneIn(3) ? random.MakePopulation() : Population();
    const auto snapshot = index.Publish();
    auto [query, excluded, anchors] = MakeQuery(random, *snapshot);
    query.limit = SIZE_MAX;
    query.max_overlap.reset();
    const BruteForce brute_force(model, population);
    std::map<SkuSet, int64_t> expected;
    for (const auto& [score, skus] : brute_force.Recommend(query, excluded, anchors)) {
      expected[skus] = static_cast<int64_t>(brute_force.Count(skus));
      larger += skus.size() > 2 ? 1 : 0;
    }
    const Selection selection = Select(*snapshot, population);
    EXPECT_EQ(Walk(*snapshot, selection, query, 0), expected);
    EXPECT_EQ(Walk(*snapshot, selection, query, kEnough), expected);
  });
  EXPECT_GT(larger, 400u);
}

TEST(TripleCountsTest, AreThoseOfBruteForce) {
  size_t triples = 0;
  ForEachSeed(50, [&](uint64_t seed) {
    RandomShop random(seed);
    ShopIndex index;
    const ModelShop model = MakeShop(random, index);
    const auto snapshot = index.Publish();
    auto [query, excluded, anchors] = MakeQuery(random, *snapshot);
    query.anchors.clear();
    query.cross_category_only = false;
    const Selection selection = Select(*snapshot, {});
    const BundleSpace space(*snapshot, selection, query, index::CountItems(*snapshot, selection));
    if (space.empty()) return;
    const PairStrengths pairs =
        *ComputeStrengths(*snapshot, selection, {}, {.min_count = space.min_count()});
    const StrongEdges edges(pairs, space);
    TripleCounts counts(edges, space);
    StepBudget budget(kEnough, AlwaysWanted);
    ASSERT_TRUE(counts.Count(*snapshot, space, &budget));
    const BruteForce brute_force(model, {});
    for (Item a = 0; a < snapshot->item_count(); ++a) {
      for (Item b = 0; b < snapshot->item_count(); ++b) {
        std::vector<Item> thirds;
        for (const ThirdProduct& third : counts.Of(a, b)) {
          thirds.push_back(third.item);
          EXPECT_EQ(counts.CountOf(a, b, third.item), third.count);
        }
        std::vector<Item> expected;
        for (Item c = 0; a != b && c < snapshot->item_count(); ++c) {
          if (c == a || c == b) continue;
          const SkuSet skus = {snapshot->sku_of(a), snapshot->sku_of(b), snapshot->sku_of(c)};
          const auto count = static_cast<uint32_t>(brute_force.Count(skus));
          uint32_t largest = 0;
          bool allowed = true;
          for (const Item item : {a, b, c}) {
            allowed = allowed && space.allowed()[item];
            largest = std::max(largest, space.single_counts()[item]);
          }
          if (!allowed || !space.MeetsCounts(count, largest)) continue;
          expected.push_back(c);
          EXPECT_EQ(counts.CountOf(a, b, c), count);
          ++triples;
        }
        EXPECT_EQ(thirds, expected);
      }
    }
  });
  EXPECT_GT(triples, 1'000u);
}

TEST(TripleCountsTest, GiveUpOnHugeBaskets) {
  ShopIndex index;
  std::vector<int64_t> skus;
  for (int64_t sku = 1; sku <= 600; ++sku) {
    index.PutProduct(sku, index::Product());
    skus.push_back(sku);
  }
  for (int64_t id = 1; id <= 2; ++id) index.PutBasket({id, 1, 0, "", "", skus});
  const auto snapshot = index.Publish();
  const Selection selection = Select(*snapshot, {});
  const BundleQuery query;
  const BundleSpace space(*snapshot, selection, query, index::CountItems(*snapshot, selection));
  const PairStrengths pairs = *ComputeStrengths(*snapshot, selection, {}, {.min_count = 2});
  const StrongEdges edges(pairs, space);
  TripleCounts counts(edges, space);
  StepBudget budget(kEnough, AlwaysWanted);
  EXPECT_TRUE(counts.steps() == INT64_MAX || !counts.Count(*snapshot, space, &budget));
  EXPECT_TRUE(budget.status().ok());
}

// The baskets of a wholesaler: all of their products are bought together.
class WholesaleTest : public ::testing::Test {
 protected:
  WholesaleTest(int64_t baskets, int64_t products) {
    std::vector<int64_t> skus;
    for (int64_t sku = 1; sku <= products; ++sku) {
      index_.PutProduct(sku, index::Product());
      skus.push_back(sku);
    }
    for (; last_id_ < baskets;) index_.PutBasket({++last_id_, 1, 0, "", "", skus});
  }

  // Counts the threes of all products, with `max_steps`.
  void Count(int64_t max_steps, Wanted wanted) {
    snapshot_ = index_.Publish();
    selection_ = Select(*snapshot_, {});
    const BundleSpace space(*snapshot_, selection_, query_,
                            index::CountItems(*snapshot_, selection_));
    const PairStrengths pairs = *ComputeStrengths(*snapshot_, selection_, {}, {.min_count = 2});
    TripleCounts counts(StrongEdges(pairs, space), space);
    foreseen_ = counts.steps();
    StepBudget budget(max_steps, wanted);
    counted_ = counts.Count(*snapshot_, space, &budget);
    status_ = budget.status();
    taken_ = max_steps - budget.left();
  }

  ShopIndex index_;
  int64_t last_id_ = 0;
  std::shared_ptr<const Snapshot> snapshot_;
  Selection selection_;
  BundleQuery query_;
  bool counted_ = false;
  absl::Status status_;
  int64_t foreseen_ = 0;
  int64_t taken_ = 0;
};

struct ManyTriplesTest : WholesaleTest {
  ManyTriplesTest() : WholesaleTest(60, 120) {}
};

TEST_F(ManyTriplesTest, EndSoonAfterNobodyWantsThemAnyMore) {
  int asked = 0;
  Count(kEnough, [&] { return ++asked < 8 ? absl::OkStatus() : absl::CancelledError("gone"); });
  EXPECT_FALSE(counted_);
  EXPECT_TRUE(absl::IsCancelled(status_)) << status_;
  EXPECT_EQ(asked, 8);
}

TEST_F(ManyTriplesTest, TakeNoMoreThanTheBudgetHas) {
  Count(10'000'000, AlwaysWanted);
  EXPECT_FALSE(counted_);
  EXPECT_TRUE(absl::IsResourceExhausted(status_)) << status_;
}

struct FewLargeBasketsTest : WholesaleTest {
  FewLargeBasketsTest() : WholesaleTest(3, 300) {
    query_.min_support = 0;
    query_.min_confidence = 0;
    // What is foreseen of a product's baskets is an average.
    for (int i = 0; i < 500; ++i) {
      for (int64_t sku = 1; sku <= 300; ++sku) {
        index_.PutBasket({++last_id_, 1, 0, "", "", {sku}});
      }
    }
  }
};

TEST_F(FewLargeBasketsTest, GiveUpWhenTheyTakeFarMoreThanForeseen) {
  Count(kEnough, AlwaysWanted);
  EXPECT_FALSE(counted_);
  EXPECT_TRUE(status_.ok()) << status_;
  EXPECT_GT(taken_, 2 * foreseen_);
  EXPECT_LE(taken_, 3 * foreseen_);
}

}  // namespace
}  // namespace clustr::scoring
