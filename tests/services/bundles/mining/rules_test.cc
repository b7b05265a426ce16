#include "services/bundles/mining/rules.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/mining/measures/measures.h"
#include "services/bundles/mining/measures/p_value.h"
#include "tests/services/bundles/mining/owned_baskets.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::mining {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Thresholds kAll = {.min_support = 0, .min_lift = 0, .min_count = 1, .max_items = 8};

std::vector<ReferenceRule> Mine(const OwnedBaskets& baskets, const RuleQuery& query) {
  const absl::StatusOr<RuleSet> rules = MineRules(baskets.view(), query);
  EXPECT_TRUE(rules.ok()) << rules.status();
  return rules.ok() ? Sorted(*rules) : std::vector<ReferenceRule>();
}

bool Holds(const std::vector<int64_t>& side, const std::vector<Item>& items) {
  return std::all_of(items.begin(), items.end(), [&](Item item) {
    return std::find(side.begin(), side.end(), item) != side.end();
  });
}

// Tries every way to put each of the items 0 to 7 into the antecedent, the consequent or neither.
std::vector<ReferenceRule> BruteForce(const std::vector<std::vector<Item>>& baskets,
                                      const RuleQuery& query) {
  std::vector<uint32_t> masks;
  for (const std::vector<Item>& basket : baskets) {
    uint32_t mask = 0;
    for (const Item item : basket) mask |= 1u << item;
    masks.push_back(mask);
  }
  const auto count = [&](uint32_t set) {
    return std::count_if(masks.begin(), masks.end(), [&](uint32_t m) { return (m & set) == set; });
  };
  std::vector<int64_t> counts(256);
  for (uint32_t set = 0; set < 256; ++set) counts[set] = count(set);
  const auto items = [](uint32_t set) {
    std::vector<int64_t> out;
    for (int64_t item = 0; item < 8; ++item) {
      if ((set >> item & 1) != 0) out.push_back(item);
    }
    return out;
  };
  const Thresholds& t = query.thresholds;
  std::vector<ReferenceRule> rules;
  for (uint32_t left = 1; left < 256; ++left) {
    for (uint32_t right = 1; right < 256; ++right) {
      if ((left & right) != 0) continue;
      const ReferenceRule rule = {items(left), items(right), counts[left], counts[right],
                                  counts[left | right]};
      const RuleCounts c = {rule.count_a, rule.count_b, rule.count_ab, query.basket_count};
      const int size = static_cast<int>(rule.antecedents.size() + rule.consequents.size());
      const int right_size = static_cast<int>(rule.consequents.size());
      if (size <= t.max_items && (t.max_consequents == 0 || right_size <= t.max_consequents) &&
          c.count_ab >= t.min_count && Support(c) >= t.min_support &&
          Confidence(c) >= t.min_confidence && Lift(c) >= t.min_lift &&
          (!t.max_p_value || FisherPValue(c).value <= *t.max_p_value) &&
          Holds(rule.antecedents, query.antecedents) &&
          Holds(rule.consequents, query.consequents)) {
        rules.push_back(rule);
      }
    }
  }
  std::sort(rules.begin(), rules.end());
  return rules;
}

// Thresholds that some rules of a small database meet exactly.
Thresholds RandomThresholds(std::mt19937_64& random) {
  const auto quotient = [&](double max_value) {
    const double denominator = static_cast<double>(1 + random() % 12);
    return std::min(static_cast<double>(random() % 13) / denominator, max_value);
  };
  Thresholds t;
  t.min_support = random() % 2 == 0 ? 0 : quotient(1) / 4;
  t.min_confidence = random() % 2 == 0 ? 0 : quotient(1);
  t.min_lift = random() % 2 == 0 ? 0 : quotient(2);
  t.min_count = 1 + static_cast<int64_t>(random() % 3);
  if (random() % 4 == 0) t.max_p_value = 0.3;
  t.max_items = 2 + static_cast<int>(random() % 7);
  t.max_consequents = static_cast<int>(random() % 4);
  return t;
}

TEST(MineRulesTest, AgreesWithBruteForceAndTheReferenceMiner) {
  ForEachSeed(3000, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    const std::vector<std::vector<Item>> baskets = RandomBaskets(random);
    const OwnedBaskets owned(baskets);
    const RuleQuery query = {.thresholds = RandomThresholds(random),
                             .basket_count = owned.non_empty()};
    const std::vector<ReferenceRule> rules = Mine(owned, query);
    ASSERT_EQ(rules, BruteForce(baskets, query));
    ASSERT_EQ(rules, *MineReferenceRules(owned.tid_lists(), owned.non_empty(), query.thresholds));
  });
}

TEST(MineRulesTest, GivenSidesAgreeWithBruteForce) {
  ForEachSeed(3000, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    const std::vector<std::vector<Item>> baskets = RandomBaskets(random);
    const OwnedBaskets owned(baskets);
    RuleQuery query = {.thresholds = RandomThresholds(random), .basket_count = owned.non_empty()};
    for (size_t i = random() % 3; i > 0; --i) query.antecedents.push_back(random() % 8);
    for (size_t i = random() % 3; i > 0; --i) query.consequents.push_back(random() % 8);
    ASSERT_EQ(Mine(owned, query), BruteForce(baskets, query));
  });
}

TEST(MineRulesTest, GivenSidesOfLongRulesAreThoseOfAllRules) {
  ForEachSeed(20, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    OwnedBaskets baskets;
    for (int i = 0; i < 40; ++i) {
      std::vector<Item> basket;
      for (Item item = 0; item < 12; ++item) {
        if (random() % 8 != 0) basket.push_back(item);
      }
      baskets.Add(basket);
    }
    RuleQuery query = {.thresholds = kAll, .basket_count = baskets.non_empty(), .max_items = 12};
    query.thresholds.min_count = 4;
    query.thresholds.max_consequents = 1;
    std::vector<ReferenceRule> expected = Mine(baskets, query);
    query.antecedents = {static_cast<Item>(random() % 12)};
    if (random() % 2 == 0) query.consequents = {static_cast<Item>(random() % 12)};
    std::erase_if(expected, [&](const ReferenceRule& rule) {
      return !Holds(rule.antecedents, query.antecedents) ||
             !Holds(rule.consequents, query.consequents);
    });
    ASSERT_EQ(Mine(baskets, query), expected);
  });
}

TEST(MineRulesTest, OnlyImprovingRulesBeatEveryPartOfTheirAntecedents) {
  ForEachSeed(1000, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    const std::vector<std::vector<Item>> baskets = RandomBaskets(random);
    const OwnedBaskets owned(baskets);
    RuleQuery query = {.thresholds = RandomThresholds(random), .basket_count = owned.non_empty()};
    for (size_t i = random() % 2; i > 0; --i) query.antecedents.push_back(random() % 8);
    const std::vector<ReferenceRule> all = BruteForce(
        baskets, {.thresholds = {.min_support = 0, .min_lift = 0, .min_count = 1, .max_items = 8},
                  .basket_count = query.basket_count});
    std::vector<ReferenceRule> expected = BruteForce(baskets, query);
    std::erase_if(expected, [&](const ReferenceRule& rule) {
      return std::any_of(all.begin(), all.end(), [&](const ReferenceRule& other) {
        return other.consequents == rule.consequents &&
               other.antecedents.size() < rule.antecedents.size() &&
               std::includes(rule.antecedents.begin(), rule.antecedents.end(),
                             other.antecedents.begin(), other.antecedents.end()) &&
               other.count_ab * rule.count_a >= rule.count_ab * other.count_a;
      });
    });
    query.only_improving = true;
    ASSERT_EQ(Mine(owned, query), expected);
  });
}

TEST(MineTopRulesTest, AreTheBestOfAll) {
  ForEachSeed(500, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    const std::vector<std::vector<Item>> baskets = RandomBaskets(random);
    const OwnedBaskets owned(baskets);
    const RuleQuery query = {.thresholds = RandomThresholds(random),
                             .basket_count = owned.non_empty()};
    std::vector<ReferenceRule> expected = BruteForce(baskets, query);
    const auto leverage = [&](const ReferenceRule& r) {
      return Leverage({r.count_a, r.count_b, r.count_ab, query.basket_count});
    };
    std::stable_sort(expected.begin(), expected.end(),
                     [&](const ReferenceRule& a, const ReferenceRule& b) {
                       if (leverage(a) != leverage(b)) return leverage(a) > leverage(b);
                       return a.count_ab > b.count_ab;
                     });
    const size_t k = random() % 30;
    expected.resize(std::min(expected.size(), k));
    std::sort(expected.begin(), expected.end());
    const absl::StatusOr<RuleSet> top = MineTopRules(owned.view(), query, k, {Leverage});
    ASSERT_TRUE(top.ok()) << top.status();
    ASSERT_EQ(Sorted(*top), expected);
  });
}

TEST(MineRulesTest, LeverageAndConvictionAreBounds) {
  ForEachSeed(500, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    const std::vector<std::vector<Item>> baskets = RandomBaskets(random);
    const OwnedBaskets owned(baskets);
    RuleQuery query = {.thresholds = RandomThresholds(random), .basket_count = owned.non_empty()};
    std::vector<ReferenceRule> expected = BruteForce(baskets, query);
    query.thresholds.min_leverage = 0.02;
    query.thresholds.min_conviction = 1.25;
    std::erase_if(expected, [&](const ReferenceRule& r) {
      const RuleCounts c = {r.count_a, r.count_b, r.count_ab, query.basket_count};
      return Leverage(c) < 0.02 || Conviction(c).value_or(2) < 1.25;
    });
    ASSERT_EQ(Mine(owned, query), expected);
  });
}

TEST(MineRulesTest, WeightsStandForEqualBaskets) {
  ForEachSeed(500, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    const std::vector<std::vector<Item>> baskets = RandomBaskets(random);
    OwnedBaskets repeated;
    std::vector<int64_t> weights;
    for (const std::vector<Item>& basket : baskets) {
      weights.push_back(1 + static_cast<int64_t>(random() % 3));
      for (int64_t i = 0; i < weights.back(); ++i) repeated.Add(basket);
    }
    RuleQuery query = {.thresholds = RandomThresholds(random),
                       .basket_count = repeated.non_empty()};
    if (random() % 2 == 0) query.consequents.push_back(random() % 8);
    const OwnedBaskets owned(baskets);
    BasketView weighted = owned.view();
    weighted.weights = weights;
    const absl::StatusOr<RuleSet> rules = MineRules(weighted, query);
    ASSERT_TRUE(rules.ok()) << rules.status();
    ASSERT_EQ(Sorted(*rules), Mine(repeated, query));
  });
}

TEST(MineRulesTest, DoesNotDependOnTheOrderOfBaskets) {
  std::mt19937_64 random(7);
  std::vector<std::vector<Item>> baskets = RandomBaskets(random);
  const RuleQuery query = {.thresholds = kAll, .basket_count = 100};
  const std::vector<ReferenceRule> before = Mine(OwnedBaskets(baskets), query);
  std::shuffle(baskets.begin(), baskets.end(), random);
  EXPECT_EQ(Mine(OwnedBaskets(baskets), query), before);
  EXPECT_THAT(before, testing::Not(IsEmpty()));
}

TEST(MineRulesTest, BasketCountIsTheQuerysNotTheViews) {
  const OwnedBaskets baskets({{1, 2}, {1, 2}, {}});
  RuleQuery query = {.thresholds = kAll, .basket_count = 8};
  query.thresholds.min_support = 0.25;
  query.thresholds.min_lift = 4;
  EXPECT_THAT(Mine(baskets, query), SizeIs(2));
  query.basket_count = 9;
  EXPECT_THAT(Mine(baskets, query), IsEmpty());
}

TEST(MineRulesTest, ThresholdsAreMetAtEquality) {
  // The rule 1 => 2 has support 1/10, confidence 1/3 and lift 1/3 * 10/3.
  const OwnedBaskets baskets({{1, 2}, {1}, {1}, {2}, {2}, {3}, {3}, {3}, {3}, {3}});
  RuleQuery query = {.basket_count = 10};
  query.thresholds = {
      .min_support = 0.1, .min_confidence = 1.0 / 3.0, .min_lift = 10.0 / 9.0, .min_count = 1};
  query.thresholds.max_p_value = FisherPValue({3, 3, 1, 10}).value;
  EXPECT_THAT(Mine(baskets, query), SizeIs(2));
  for (double Thresholds::*field :
       {&Thresholds::min_support, &Thresholds::min_confidence, &Thresholds::min_lift}) {
    RuleQuery above = query;
    above.thresholds.*field = std::nextafter(query.thresholds.*field, 2.0);
    EXPECT_THAT(Mine(baskets, above), IsEmpty());
  }
  query.thresholds.max_p_value = std::nextafter(*query.thresholds.max_p_value, 0.0);
  EXPECT_THAT(Mine(baskets, query), IsEmpty());
}

TEST(MineRulesTest, SidesComeApartAndInOrder) {
  const OwnedBaskets baskets({{5, 9, 2}, {5, 9, 2}, {9}});
  RuleQuery query = {.thresholds = kAll, .basket_count = 3, .consequents = {9}};
  query.antecedents = {5, 2, 5};
  const absl::StatusOr<RuleSet> rules = MineRules(baskets.view(), query);
  ASSERT_TRUE(rules.ok()) << rules.status();
  ASSERT_EQ(rules->size(), 1u);
  EXPECT_THAT(rules->antecedents(0), ElementsAre(2, 5));
  EXPECT_THAT(rules->consequents(0), ElementsAre(9));
  EXPECT_EQ(rules->counts(0), (RuleCounts{2, 3, 2, 3}));
}

TEST(MineRulesTest, NoBasketsNoRules) {
  EXPECT_THAT(Mine(OwnedBaskets(), {.thresholds = kAll}), IsEmpty());
  OwnedBaskets one_empty;
  one_empty.Add({});
  EXPECT_THAT(Mine(one_empty, {.thresholds = kAll}), IsEmpty());
  EXPECT_THAT(
      Mine(OwnedBaskets({{1, 2}}), {.thresholds = kAll, .basket_count = 1, .antecedents = {77}}),
      IsEmpty());
}

TEST(MineRulesTest, AnItemOnBothSidesHasNoRules) {
  EXPECT_THAT(
      Mine(OwnedBaskets({{1, 2}}),
           {.thresholds = kAll, .basket_count = 1, .antecedents = {1}, .consequents = {1, 2}}),
      IsEmpty());
}

TEST(MineRulesTest, MoreRulesThanTheLimitAreRefused) {
  // There are 6 rules of two items and 6 of three.
  const OwnedBaskets baskets({{1, 2, 3}, {1, 2, 3}});
  RuleQuery query = {.thresholds = kAll, .basket_count = 2, .max_rules = 12};
  EXPECT_THAT(Mine(baskets, query), SizeIs(12));
  query.max_rules = 11;
  EXPECT_EQ(MineRules(baskets.view(), query).status(),
            absl::ResourceExhaustedError("more than 11 rules match; no min_count fits; use "
                                         "stricter thresholds"));
  query.max_rules = 12;
  query.max_itemsets = 6;
  EXPECT_EQ(MineRules(baskets.view(), query).status().code(), absl::StatusCode::kResourceExhausted);
}

TEST(MineRulesTest, RefusesQueriesOutOfRange) {
  const auto message = [](const RuleQuery& query) {
    const absl::Status status = MineRules(OwnedBaskets({{1}, {2}}).view(), query).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    return std::string(status.message());
  };
  EXPECT_THAT(message({.thresholds = {.min_support = std::numeric_limits<double>::quiet_NaN()},
                       .basket_count = 2}),
              HasSubstr("thresholds.min_support: nan"));
  EXPECT_EQ(message({.basket_count = 1}),
            "basket_count: 1 is below the 2 baskets that are not empty; give at least that many");
  EXPECT_EQ(message({.basket_count = 2, .max_rules = -1}),
            "max_rules: -1 is below 0; give 0 or more");
  EXPECT_EQ(message({.basket_count = 2, .max_itemsets = -1}),
            "max_itemsets: -1 is below 0; give 0 or more");
  EXPECT_EQ(message({.basket_count = 2, .threads = 0}), "threads: 0 is below 1; give 1 or more");
}

TEST(MinFittingSupportTest, IsTheLowestForSmallShops) {
  ForEachSeed(500, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    const OwnedBaskets baskets(RandomBaskets(random));
    RuleQuery query = {.thresholds = kAll, .basket_count = baskets.non_empty()};
    const size_t all = Mine(baskets, query).size();
    if (all == 0) return;
    query.max_rules = static_cast<int64_t>(random() % all);
    const std::optional<double> support = MinFittingSupport(baskets.view(), query);
    if (!support) return;  // Not even the most frequent itemsets fit.
    RuleQuery raised = query;
    raised.thresholds.min_support = *support;
    ASSERT_TRUE(MineRules(baskets.view(), raised).ok());
    raised.thresholds.min_support = *support - 1 / static_cast<double>(query.basket_count) - 1e-9;
    if (raised.thresholds.min_support > 0) {
      ASSERT_FALSE(MineRules(baskets.view(), raised).ok());
    }
  });
}

TEST(MineRulesTest, RefusalNamesTheMinCountThatFits) {
  ForEachSeed(500, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    const OwnedBaskets baskets(RandomBaskets(random));
    RuleQuery query = {.thresholds = kAll, .basket_count = baskets.non_empty()};
    query.thresholds.min_confidence = 0.1 * static_cast<double>(random() % 6);
    if (random() % 3 == 0) query.antecedents.push_back(random() % 8);
    const size_t all = Mine(baskets, query).size();
    if (all == 0) return;
    query.max_rules = static_cast<int64_t>(random() % all);
    const absl::Status status = MineRules(baskets.view(), query).status();
    ASSERT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
    const std::string message(status.message());
    const size_t at = message.find("a min_count of ");
    if (at == std::string::npos) return;
    query.thresholds.min_count = std::atoll(message.c_str() + at + 15);
    ASSERT_TRUE(MineRules(baskets.view(), query).ok()) << message;
    --query.thresholds.min_count;
    ASSERT_FALSE(MineRules(baskets.view(), query).ok()) << message;
  });
}

TEST(MineRulesTest, RefusalNamesTheMinCountWhenItemsetsAreTooMany) {
  // The counts are 3 for {1}, 2 for {2}, 2 for {1, 2} and 1 for {3}.
  const OwnedBaskets baskets({{1, 2}, {1, 2}, {1}, {3}});
  RuleQuery query = {.thresholds = kAll, .basket_count = 4, .max_itemsets = 3};
  EXPECT_EQ(MinFittingSupport(baskets.view(), query), 0.5);
  EXPECT_THAT(std::string(MineRules(baskets.view(), query).status().message()),
              HasSubstr("a min_count of 2 fits"));
}

TEST(MinFittingSupportTest, IsTheQuerysOwnIfThatFits) {
  const RuleQuery query = {.thresholds = kAll, .basket_count = 4};
  EXPECT_EQ(MinFittingSupport(OwnedBaskets({{1, 2}, {1, 2}, {1}, {3}}).view(), query), 0.25);
}

TEST(MinFittingSupportTest, NoneIfTheCommonestSetsAreTooMany) {
  const RuleQuery query = {.thresholds = kAll, .basket_count = 2, .max_rules = 1};
  EXPECT_EQ(MinFittingSupport(OwnedBaskets({{1, 2}, {1, 2}}).view(), query), std::nullopt);
}

}  // namespace
}  // namespace clustr::mining
