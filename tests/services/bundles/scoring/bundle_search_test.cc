#include "services/bundles/scoring/bundle_search.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/index/pairs/pair_tables.h"
#include "services/bundles/index/shop_index.h"
#include "services/bundles/scoring/bundle_scorer.h"
#include "services/bundles/scoring/heuristic.h"
#include "tests/services/bundles/index/model_shop.h"
#include "tests/services/bundles/scoring/bundle_brute_force.h"
#include "tests/services/bundles/scoring/random_query.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::scoring {
namespace {

using index::ModelShop;
using index::Population;
using index::Product;
using index::RandomShop;
using index::Selection;
using index::ShopIndex;
using index::Snapshot;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using SkuSet = ModelShop::SkuSet;

std::vector<int64_t> SkusOf(const Snapshot& snapshot, const std::vector<Item>& items) {
  std::vector<int64_t> skus;
  for (Item item : items) skus.push_back(snapshot.sku_of(item));
  return skus;
}

std::vector<ScoredBundle> Recommend(const Snapshot& snapshot, const Population& population,
                                    const BundleQuery& query) {
  const Selection selection = Select(snapshot, population);
  const absl::StatusOr<ReferencePairs> reference = ComputeReference(snapshot, selection);
  EXPECT_TRUE(reference.ok()) << reference.status();
  RarerPairs rarer;
  absl::StatusOr<std::vector<ScoredBundle>> bundles =
      RecommendBundles(snapshot, selection, *reference, &rarer, query);
  EXPECT_TRUE(bundles.ok()) << bundles.status();
  return *std::move(bundles);
}

ModelShop MakeShop(RandomShop& random, ShopIndex& index, int64_t sku_count) {
  ModelShop model;
  for (int step = 0; step < 800; ++step) random.Change(model, index, 400, sku_count);
  for (int64_t sku = 1000; sku > 1000 - sku_count; --sku) {
    if (!random.OneIn(6)) model.Put(index, sku, random.MakeProduct());
  }
  return model;
}

// Expects the figures of `bundle`, which consists of `skus`, to be those of their definitions.
void ExpectFigures(const ScoredBundle& bundle, const SkuSet& skus, const BruteForce& brute_force,
                   const ModelShop& model) {
  EXPECT_EQ(bundle.count, brute_force.Count(skus));
  EXPECT_EQ(bundle.basket_count, brute_force.n());
  EXPECT_EQ(bundle.support, brute_force.Count(skus) / brute_force.n());
  double largest_single = 0;
  double lift = brute_force.Count(skus) / brute_force.n();
  int64_t price = 0;
  std::optional<int64_t> margin = 0;
  for (int64_t sku : skus) {
    largest_single = std::max(largest_single, brute_force.Count({sku}));
    lift *= brute_force.n() / brute_force.Count({sku});
    const Product& product = model.products.at(sku);
    price += product.price_cents;
    if (!product.unit_cost_cents) margin.reset();
    if (margin) *margin += product.price_cents - *product.unit_cost_cents;
  }
  EXPECT_EQ(bundle.confidence, bundle.count / largest_single);
  EXPECT_NEAR(bundle.lift, lift, 1e-9 * lift);
  EXPECT_EQ(bundle.total_price_cents, price);
  EXPECT_EQ(bundle.total_margin_cents, margin);
}

void ExpectSame(const ScoredBundle& bundle, const ScoredBundle& expected) {
  EXPECT_EQ(bundle.items, expected.items);
  EXPECT_EQ(bundle.score, expected.score);
  EXPECT_EQ(bundle.count, expected.count);
  EXPECT_EQ(bundle.lift, expected.lift);
  EXPECT_EQ(bundle.confidence, expected.confidence);
}

TEST(RecommendBundlesTest, EqualsBruteForceUnderAnyConstraints) {
  size_t results = 0;
  ForEachSeed(300, [&](uint64_t seed) {
    RandomShop random(seed);
    ShopIndex index;
    const ModelShop model = MakeShop(random, index, 14);
    const Population population = random.OneIn(3) ? random.MakePopulation() : Population();
    const auto snapshot = index.Publish();
    const auto [query, excluded, anchors] = MakeQuery(random, *snapshot);

    const BruteForce brute_force(model, population);
    const auto expected = brute_force.Recommend(query, excluded, anchors);
    const std::vector<ScoredBundle> bundles = Recommend(*snapshot, population, query);
    ASSERT_EQ(bundles.size(), expected.size());
    results += bundles.size();
    const Selection selection = Select(*snapshot, population);
    const ReferencePairs reference = *ComputeReference(*snapshot, selection);
    BundleQuery counted = query;
    counted.max_overlap.reset();
    RarerPairs rarer;
    StepBudget steps(query.max_steps, AlwaysWanted);
    CountingBudget budget = {&steps};
    EXPECT_EQ(CountBundles(*snapshot, selection, reference, &rarer, counted, &budget).value(),
              brute_force.Recommend(counted, excluded, anchors).size());
    BundleScorer scorer(*snapshot, selection, reference);
    for (size_t i = 0; i < expected.size(); ++i) {
      const ScoredBundle& bundle = bundles[i];
      const SkuSet& skus = expected[i].second;
      ASSERT_EQ(SkusOf(*snapshot, bundle.items), std::vector<int64_t>(skus.begin(), skus.end()));
      EXPECT_EQ(bundle.score, expected[i].first);
      ExpectFigures(bundle, skus, brute_force, model);
      ExpectSame(scorer.Score(bundle.items), bundle);
    }
  });
  EXPECT_GT(results, 1'000u);
}

// Whatever was counted before for other populations and earlier states, from which tables of pairs
// are made, an answer is that of brute force.
TEST(RecommendBundlesTest, EqualsBruteForceWithTheTablesOfOtherPopulationsAndStates) {
  size_t results = 0;
  ForEachSeed(40, [&](uint64_t seed) {
    RandomShop random(seed);
    ShopIndex index;
    ModelShop model = MakeShop(random, index, 14);
    const auto tables = std::make_shared<index::PairTables>();
    for (int round = 0; round < 8; ++round) {
      for (int step = 0; step < 20; ++step) random.Change(model, index, 400, 14);
      const Population population = random.OneIn(3) ? Population() : random.MakePopulation();
      const auto snapshot = index.Publish();
      const auto [query, excluded, anchors] = MakeQuery(random, *snapshot);
      const Selection selection = Select(*snapshot, population);
      RarerPairs rarer([] { return 2; }, tables);
      const auto reference = ComputeReference(*snapshot, selection, AlwaysWanted, rarer.work());
      ASSERT_TRUE(reference.ok()) << reference.status();
      const auto bundles = RecommendBundles(*snapshot, selection, *reference, &rarer, query);
      ASSERT_TRUE(bundles.ok()) << bundles.status();
      const auto expected = BruteForce(model, population).Recommend(query, excluded, anchors);
      ASSERT_EQ(bundles->size(), expected.size());
      results += expected.size();
      for (size_t i = 0; i < expected.size(); ++i) {
        const SkuSet& skus = expected[i].second;
        ASSERT_EQ(SkusOf(*snapshot, (*bundles)[i].items),
                  std::vector<int64_t>(skus.begin(), skus.end()));
        EXPECT_EQ((*bundles)[i].score, expected[i].first);
      }
    }
  });
  EXPECT_GT(results, 1'000u);
}

// Five baskets: {1,2} twice, {1,2,3}, {3}, {3,1}. Counts: 1 in 4, 2 in 3, 3 in 3; pairs 12 in 3,
// 13 in 2, 23 in 1.
class HandComputedTest : public testing::Test {
 protected:
  HandComputedTest() {
    Put(1, {1, 2});
    Put(2, {1, 2});
    Put(3, {1, 2, 3});
    Put(4, {3});
    Put(5, {3, 1});
    for (int64_t sku = 1; sku <= 3; ++sku) {
      Product product;
      product.price_cents = 10 * sku;
      index_.PutProduct(sku, product);
    }
  }
  void Put(int64_t id, std::vector<int64_t> skus) { index_.PutBasket({id, 1, 0, "", "", skus}); }

  ShopIndex index_;
};

TEST_F(HandComputedTest, ScoresByTheWeightedSumOverTheMaximaOfTheReferencePairs) {
  const auto snapshot = index_.Publish();
  const std::vector<ScoredBundle> bundles = Recommend(*snapshot, {}, BundleQuery());
  ASSERT_THAT(bundles, SizeIs(2));
  // 12 has the maximum of every measure: lift 3*5/(4*3) = 1.25, min confidence 3/4, support 3/5,
  // jaccard 3/4, mean confidence 7/8. So s = 1.
  EXPECT_THAT(SkusOf(*snapshot, bundles[0].items), ElementsAre(1, 2));
  EXPECT_DOUBLE_EQ(bundles[0].score, 1 / (1 + std::exp(-2.5)));
  EXPECT_EQ(bundles[0].lift, 1.25);
  EXPECT_EQ(bundles[0].confidence, 0.75);
  EXPECT_EQ(bundles[0].total_price_cents, 30);
  EXPECT_EQ(bundles[0].total_margin_cents, std::nullopt);
  // 13 has lift 2*5/12 = 5/6, min confidence 1/2, support 2/5, jaccard 2/5, mean confidence 7/12.
  EXPECT_THAT(SkusOf(*snapshot, bundles[1].items), ElementsAre(1, 3));
  const double strength = 0.25 * (5.0 / 6 / 1.25) + 0.25 * (0.5 / 0.75) + 0.20 * (0.4 / 0.6) +
                          0.15 * (0.4 / 0.75) + 0.15 * (7.0 / 12 / 0.875);
  EXPECT_DOUBLE_EQ(bundles[1].score, 1 / (1 + std::exp(-5 * (strength - 0.5))));
}

TEST_F(HandComputedTest, DeletedProductDisappearsThoughItStillCounts) {
  index_.RemoveProduct(2);
  const auto snapshot = index_.Publish();
  const std::vector<ScoredBundle> bundles = Recommend(*snapshot, {}, BundleQuery());
  ASSERT_THAT(bundles, SizeIs(1));
  EXPECT_THAT(SkusOf(*snapshot, bundles[0].items), ElementsAre(1, 3));
  EXPECT_LT(bundles[0].score, 0.7);  // 12 is still a reference pair.
}

TEST_F(HandComputedTest, TiesGoByTheSkusOfTheBundle) {
  ShopIndex index;
  // Four products that are always bought together and that the index learns in descending order.
  for (int64_t id = 1; id <= 3; ++id) {
    index.PutBasket({id, 1, 0, "", "", {10, 9, 8, 7}});
  }
  for (int64_t sku = 10; sku >= 7; --sku) index.PutProduct(sku, Product());
  const auto snapshot = index.Publish();
  BundleQuery query;
  query.limit = 4;
  const std::vector<ScoredBundle> bundles = Recommend(*snapshot, {}, query);
  ASSERT_THAT(bundles, SizeIs(4));
  EXPECT_THAT(SkusOf(*snapshot, bundles[0].items), ElementsAre(7, 8));
  EXPECT_THAT(SkusOf(*snapshot, bundles[1].items), ElementsAre(7, 8, 9));
  EXPECT_THAT(SkusOf(*snapshot, bundles[2].items), ElementsAre(7, 8, 9, 10));
  EXPECT_THAT(SkusOf(*snapshot, bundles[3].items), ElementsAre(7, 8, 10));
}

TEST_F(HandComputedTest, ExcludedAnchorLeavesNothing) {
  const auto snapshot = index_.Publish();
  BundleQuery query;
  query.anchors = {*snapshot->item_of(1)};
  EXPECT_THAT(Recommend(*snapshot, {}, query), SizeIs(2));
  query.products.excluded = query.anchors;
  EXPECT_THAT(Recommend(*snapshot, {}, query), IsEmpty());
}

TEST_F(HandComputedTest, EmptyPopulationAndEmptyShopHaveNoBundles) {
  Population population;
  population.channels = {"nowhere"};
  BundleQuery query;
  query.min_support = 0;
  query.min_count = 1;
  EXPECT_THAT(Recommend(*index_.Publish(), population, query), IsEmpty());
  EXPECT_THAT(Recommend(*ShopIndex().Publish(), {}, query), IsEmpty());
}

TEST_F(HandComputedTest, BundleThatWasNeverSoldHasNoCountLiftAndConfidence) {
  Put(6, {4});
  const auto snapshot = index_.Publish();
  const Selection selection = Select(*snapshot, {});
  const ReferencePairs reference = *ComputeReference(*snapshot, selection);
  const ScoredBundle bundle =
      BundleScorer(*snapshot, selection, reference)
          .Score({*snapshot->item_of(2), *snapshot->item_of(3), *snapshot->item_of(4)});
  EXPECT_EQ(bundle.count, 0);
  EXPECT_EQ(bundle.lift, 0);
  EXPECT_EQ(bundle.confidence, 0);
  EXPECT_EQ(bundle.total_margin_cents, std::nullopt);
}

TEST(BundleScorerTest, ScoresAnyBundleLikeBruteForceAndPartsAddUp) {
  ForEachSeed(60, [&](uint64_t seed) {
    RandomShop random(seed);
    ShopIndex index;
    const ModelShop model = MakeShop(random, index, 14);
    const Population population = random.OneIn(2) ? random.MakePopulation() : Population();
    const auto snapshot = index.Publish();
    const Selection selection = Select(*snapshot, population);
    const ReferencePairs reference = *ComputeReference(*snapshot, selection);
    const BruteForce brute_force(model, population);
    BundleScorer scorer(*snapshot, selection, reference);
    for (int round = 0; round < 20; ++round) {
      SkuSet skus;
      const size_t size = random.Number(2, 5);
      while (skus.size() < size) skus.insert(random.OneIn(9) ? 2000 : random.Sku(14));
      std::vector<Item> items;
      for (int64_t sku : skus) items.push_back(snapshot->item_of(sku).value_or(kUnknownItem));
      const ScoredBundle bundle = scorer.Score(items);
      EXPECT_EQ(bundle.count, brute_force.Count(skus));
      EXPECT_DOUBLE_EQ(bundle.score, brute_force.Score(skus));
      const PairMeasures parts = scorer.Parts(items);
      const double raw = -2.5 + 1.25 * parts.lift + 1.25 * parts.min_confidence + parts.support +
                         0.75 * parts.jaccard + 0.75 * parts.mean_confidence;
      EXPECT_NEAR(raw, std::log(bundle.score / (1 - bundle.score)), 1e-12);
    }
  });
}

TEST(RecommendBundlesTest, OverlapIsBoundedEvenIfNearlyAllBundlesOverlap) {
  // There are 44,850 bundles of product 1 and two of 300 others; at most 150 of them share no
  // product but 1.
  ShopIndex index;
  Product product;
  product.price_cents = 1;
  std::vector<int64_t> skus;
  for (int64_t sku = 1; sku <= 301; ++sku) {
    index.PutProduct(sku, product);
    skus.push_back(sku);
  }
  for (int64_t id = 1; id <= 2; ++id) index.PutBasket({id, 1, 0, "", "", skus});
  index.PutBasket({3, 1, 0, "", "", {301}});
  const auto snapshot = index.Publish();
  BundleQuery query;
  query.min_items = query.max_items = 3;
  query.anchors = {*snapshot->item_of(1)};
  query.max_overlap = 1.0 / 3;
  query.limit = 500;
  const std::vector<ScoredBundle> bundles = Recommend(*snapshot, {}, query);
  ASSERT_THAT(bundles, SizeIs(150));
  EXPECT_THAT(SkusOf(*snapshot, bundles[0].items), ElementsAre(1, 2, 3));
  EXPECT_THAT(SkusOf(*snapshot, bundles[149].items), ElementsAre(1, 300, 301));
}

TEST_F(HandComputedTest, SearchThatIsNoLongerWantedEnds) {
  const auto snapshot = index_.Publish();
  const Selection selection = Select(*snapshot, {});
  const ReferencePairs reference = *ComputeReference(*snapshot, selection);
  RarerPairs rarer;
  const auto gone = [] { return absl::CancelledError("gone"); };
  EXPECT_EQ(RecommendBundles(*snapshot, selection, reference, &rarer, BundleQuery(), gone)
                .status()
                .code(),
            absl::StatusCode::kCancelled);
}

TEST(CountBundlesTest, WalkAsksWhetherItIsStillWanted) {
  // There are about 8 * 10^10 bundles of at most five products, so only the check can end the walk.
  ShopIndex index;
  std::vector<int64_t> skus;
  for (int64_t sku = 1; sku <= 400; ++sku) {
    index.PutProduct(sku, Product());
    skus.push_back(sku);
  }
  for (int64_t id = 1; id <= 2; ++id) index.PutBasket({id, 1, 0, "", "", skus});
  const auto snapshot = index.Publish();
  const Selection selection = Select(*snapshot, {});
  BundleQuery query;
  query.max_items = 5;
  query.limit = SIZE_MAX;
  const ReferencePairs reference = *ComputeReference(*snapshot, selection);
  RarerPairs rarer;
  int checks = 0;
  const auto until_third_check = [&] {
    return ++checks < 3 ? absl::OkStatus() : absl::DeadlineExceededError("late");
  };
  StepBudget steps(INT64_MAX, until_third_check);
  CountingBudget budget = {&steps};
  EXPECT_EQ(CountBundles(*snapshot, selection, reference, &rarer, query, &budget).status().code(),
            absl::StatusCode::kDeadlineExceeded);
}

// Reference pairs that say that they leave out the pairs in fewer than three baskets.
ReferencePairs CommonPairs(const Snapshot& snapshot, const Selection& selection) {
  ReferencePairs reference = *ComputeReference(snapshot, selection);
  reference.min_count = 3;
  return reference;
}

BundleQuery EveryBundle() {
  BundleQuery query;
  query.min_support = 0;
  query.min_count = 1;
  query.min_confidence = 0;
  return query;
}

TEST_F(HandComputedTest, CountingRarerPairsIsPaidForOnceWhetherOrNotTheyAreKept) {
  const auto snapshot = index_.Publish();
  const Selection selection = Select(*snapshot, {});
  const ReferencePairs reference = CommonPairs(*snapshot, selection);
  const BundleQuery query = EveryBundle();
  RarerPairs rarer;
  const auto left_after = [&](CountingBudget* budget) {
    EXPECT_TRUE(CountBundles(*snapshot, selection, reference, &rarer, query, budget).ok());
    return budget->steps->left();
  };
  StepBudget steps(1'000'000, AlwaysWanted);
  CountingBudget budget = {&steps};
  const int64_t first = 1'000'000 - left_after(&budget);
  const int64_t second = 1'000'000 - first - left_after(&budget);
  EXPECT_LT(second, first);
  EXPECT_NE(rarer.Find({.min_count = 1}), nullptr);
  StepBudget fresh(1'000'000, AlwaysWanted);
  CountingBudget again = {&fresh};
  EXPECT_EQ(1'000'000 - left_after(&again), first);
}

TEST_F(HandComputedTest, CountBundlesReturnsWhatItFoundBeforeTheStepsRanOut) {
  const auto snapshot = index_.Publish();
  const Selection selection = Select(*snapshot, {});
  const ReferencePairs reference = CommonPairs(*snapshot, selection);
  const BundleQuery query = EveryBundle();
  RarerPairs rarer;
  BundleQuery common = EveryBundle();
  common.min_count = reference.min_count;
  StepBudget many(1'000'000, AlwaysWanted);
  CountingBudget ample = {&many};
  const size_t found = *CountBundles(*snapshot, selection, reference, &rarer, common, &ample);
  EXPECT_GT(found, 0u);

  StepBudget few(1'000'000 - many.left(), AlwaysWanted);
  CountingBudget scant = {&few};
  EXPECT_EQ(*CountBundles(*snapshot, selection, reference, &rarer, query, &scant), found);
  EXPECT_EQ(rarer.Find({.min_count = 1}), nullptr);
}

TEST_F(HandComputedTest, TooManyStepsAreRefused) {
  const auto snapshot = index_.Publish();
  const Selection selection = Select(*snapshot, {});
  const ReferencePairs reference = *ComputeReference(*snapshot, selection);
  BundleQuery query;
  query.max_steps = 1;
  RarerPairs rarer;
  EXPECT_EQ(RecommendBundles(*snapshot, selection, reference, &rarer, query).status().code(),
            absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace clustr::scoring
