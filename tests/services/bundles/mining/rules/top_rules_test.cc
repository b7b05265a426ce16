#include "services/bundles/mining/rules/top_rules.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "services/bundles/mining/measures/measures.h"
#include "services/bundles/mining/rules.h"
#include "tests/services/bundles/mining/owned_baskets.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::mining {
namespace {

double ConvictionOrInfinity(const RuleCounts& counts) {
  return Conviction(counts).value_or(std::numeric_limits<double>::infinity());
}

double OddsRatioOrInfinity(const RuleCounts& counts) {
  return OddsRatio(counts).value_or(std::numeric_limits<double>::infinity());
}

using Measure = double (*)(const RuleCounts&);
const std::vector<std::pair<std::string, Measure>> kFalling = {
    {"support", Support},       {"confidence", Confidence}, {"lift", Lift},
    {"leverage", Leverage},     {"zhang", ZhangsMetric},    {"conviction", ConvictionOrInfinity},
    {"jaccard", Jaccard},       {"certainty", Certainty},   {"cosine", Cosine},
    {"kulczynski", Kulczynski}, {"added", AddedValue},      {"odds", OddsRatioOrInfinity},
    {"all", AllConfidence},
};

using Rule = BestRules::Rule;

bool IsBetter(const Rule& a, const Rule& b) {
  if (a.score != b.score) return a.score > b.score;
  if (a.counts.count_ab != b.counts.count_ab) return a.counts.count_ab > b.counts.count_ab;
  if (a.antecedents != b.antecedents) return a.antecedents < b.antecedents;
  return a.consequents < b.consequents;
}

// Sorts all rules and returns the first `k`.
std::vector<Rule> BestOfAll(const BasketView& baskets, const RuleQuery& query, size_t k,
                            Measure measure) {
  const absl::StatusOr<RuleSet> all = MineRules(baskets, query);
  EXPECT_TRUE(all.ok()) << all.status();
  std::vector<Rule> rules;
  for (size_t i = 0; i < all->size(); ++i) {
    const auto left = all->antecedents(i);
    const auto right = all->consequents(i);
    rules.push_back({measure(all->counts(i)),
                     all->counts(i),
                     {left.begin(), left.end()},
                     {right.begin(), right.end()}});
  }
  std::sort(rules.begin(), rules.end(), IsBetter);
  if (rules.size() > k) rules.resize(k);
  return rules;
}

std::vector<Rule> Offered(const BasketView& baskets, const RuleQuery& query, size_t k,
                          Measure measure, size_t max_bitmap_bytes) {
  const ItemsetSearchOptions itemsets = {.baskets = baskets, .limits = query.limits};
  BestRules best(k);
  const absl::Status status = OfferTopRules({.itemsets = itemsets,
                                             .min_count = query.thresholds.min_count,
                                             .max_items = query.thresholds.max_items,
                                             .thresholds = query.thresholds,
                                             .basket_count = query.basket_count,
                                             .measure = measure,
                                             .max_bitmap_bytes = max_bitmap_bytes},
                                            best);
  EXPECT_TRUE(status.ok()) << status;
  return best.TakeBest();
}

void ExpectSame(const std::vector<Rule>& found, const std::vector<Rule>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i) {
    ASSERT_EQ(found[i].score, expected[i].score);
    ASSERT_EQ(found[i].counts, expected[i].counts);
    ASSERT_EQ(found[i].antecedents, expected[i].antecedents);
    ASSERT_EQ(found[i].consequents, expected[i].consequents);
  }
}

Thresholds RandomThresholds(std::mt19937_64& random) {
  return {.min_support = 0,
          .min_confidence = random() % 2 == 0 ? 0 : static_cast<double>(random() % 10) / 10,
          .min_lift = random() % 2 == 0 ? 0 : static_cast<double>(random() % 20) / 10,
          .min_leverage = random() % 4 == 0 ? static_cast<double>(random() % 10) / 50 : -1,
          .min_conviction = random() % 4 == 0 ? static_cast<double>(random() % 20) / 10 : 0,
          .min_count = 1 + static_cast<int64_t>(random() % 3),
          .max_p_value = random() % 4 == 0 ? std::optional<double>(0.4) : std::nullopt,
          .max_items = 2 + static_cast<int>(random() % 7),
          .max_consequents = static_cast<int>(random() % 3)};
}

TEST(OfferTopRulesTest, AreTheBestOfAllByEveryMeasureWithAndWithoutBitmaps) {
  ForEachSeed(300, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    const OwnedBaskets owned(RandomBaskets(random));
    const RuleQuery query = {.thresholds = RandomThresholds(random),
                             .basket_count = owned.non_empty()};
    const size_t k = 1 + random() % 30;
    for (const auto& [name, measure] : kFalling) {
      SCOPED_TRACE(name);
      const std::vector<Rule> expected = BestOfAll(owned.view(), query, k, measure);
      for (const size_t max_bitmap_bytes : {0, 16, 1 << 20}) {
        ASSERT_NO_FATAL_FAILURE(
            ExpectSame(Offered(owned.view(), query, k, measure, max_bitmap_bytes), expected));
      }
    }
  });
}

// Skewed, sparse baskets of up to 300 items, some frequent enough for tid-bitmaps.
OwnedBaskets SparseBaskets(std::mt19937_64& random) {
  OwnedBaskets baskets;
  for (int i = 0; i < 400; ++i) {
    std::vector<Item> basket;
    const Item pattern = random() % 40 * 7;
    for (Item item = pattern; item < pattern + 1 + random() % 5; ++item) basket.push_back(item);
    for (size_t k = random() % 8; k > 0; --k) {
      basket.push_back(static_cast<Item>(300 / (1 + random() % 300)));
    }
    std::sort(basket.begin(), basket.end());
    basket.erase(std::unique(basket.begin(), basket.end()), basket.end());
    baskets.Add(basket);
  }
  return baskets;
}

TEST(OfferTopRulesTest, CountsSidesOfRareAndCommonItems) {
  ForEachSeed(3, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    const OwnedBaskets owned = SparseBaskets(random);
    std::vector<int64_t> weights;
    for (size_t i = 0; i < owned.view().size(); ++i) weights.push_back(1 + random() % 3);
    BasketView weighted = owned.view();
    weighted.weights = weights;
    for (const auto& [name, measure] : kFalling) {
      SCOPED_TRACE(name);
      for (const int consequents : {0, 1}) {
        const RuleQuery query = {.thresholds = {.min_support = 0,
                                                .min_lift = 0,
                                                .min_count = 2,
                                                .max_items = 5,
                                                .max_consequents = consequents},
                                 .basket_count = 1200};
        for (const BasketView& view : {owned.view(), weighted}) {
          const std::vector<Rule> expected = BestOfAll(view, query, 25, measure);
          for (const size_t max_bitmap_bytes : {2000, 1 << 20}) {
            ASSERT_NO_FATAL_FAILURE(
                ExpectSame(Offered(view, query, 25, measure, max_bitmap_bytes), expected));
          }
        }
      }
    }
  });
}

TEST(OfferTopRulesTest, KeepsToTheLimitsOfMemoryAndTime) {
  std::mt19937_64 random(1);
  const OwnedBaskets owned = SparseBaskets(random);
  const BasketView view = owned.view();
  RuleQuery query = {.basket_count = 1000};
  query.limits.max_memory_bytes = 100;
  const auto status = [&] { return MineTopRules(view, query, 5, {Lift, true}).status().code(); };
  EXPECT_EQ(status(), absl::StatusCode::kResourceExhausted);
  query.limits = {.deadline = std::chrono::steady_clock::time_point::min()};
  EXPECT_EQ(status(), absl::StatusCode::kResourceExhausted);
}

// 40 items have 2^40 itemsets, and the largest of these has as many splits.
TEST(OfferTopRulesTest, IsCancelledAmongSplitsWithoutEnd) {
  std::vector<Item> basket(40);
  std::iota(basket.begin(), basket.end(), Item{0});
  const OwnedBaskets owned({basket, basket});
  std::atomic<bool> cancelled = false;
  int64_t looks = 0;
  const auto lift = [&](const RuleCounts& counts) {
    if (++looks == 100'000) cancelled = true;
    return Lift(counts);
  };
  RuleQuery query = {.thresholds = {.min_support = 0}, .basket_count = 2, .max_items = 40};
  query.limits.cancelled = &cancelled;
  const auto top = MineTopRules(owned.view(), query, size_t{1} << 20, {lift, true});
  EXPECT_EQ(top.status().code(), absl::StatusCode::kCancelled);
}

TEST(MineTopRulesTest, AMeasureWithoutBoundsGivesItsBestRules) {
  ForEachSeed(100, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    const OwnedBaskets owned(RandomBaskets(random));
    const RuleQuery query = {.thresholds = RandomThresholds(random),
                             .basket_count = owned.non_empty()};
    const absl::StatusOr<RuleSet> top = MineTopRules(owned.view(), query, 10, {ChiSquared});
    ASSERT_TRUE(top.ok()) << top.status();
    const std::vector<Rule> expected = BestOfAll(owned.view(), query, 10, ChiSquared);
    ASSERT_EQ(top->size(), expected.size());
    for (size_t i = 0; i < top->size(); ++i) EXPECT_EQ(top->counts(i), expected[i].counts);
  });
}

TEST(BestRulesTest, NaNScoresComeLast) {
  BestRules best(2);
  const std::vector<Item> one = {1};
  const std::vector<Item> two = {2};
  best.Offer({one, two, {1, 1, 1, 1}}, std::numeric_limits<double>::quiet_NaN());
  best.Offer({two, one, {1, 1, 1, 1}}, -5);
  best.Offer({two, one, {1, 1, 1, 1}}, -7);
  const std::vector<Rule> rules = best.TakeBest();
  ASSERT_EQ(rules.size(), 2u);
  EXPECT_EQ(rules[0].score, -5);
  EXPECT_EQ(rules[1].score, -7);
}

}  // namespace
}  // namespace clustr::mining
