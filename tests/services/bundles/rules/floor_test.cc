#include "services/bundles/rules/floor.h"

#include "gtest/gtest.h"

namespace clustr::rules {
namespace {

TEST(WithinFloorTest, RequiresEachThresholdToBeAtLeastAsStrict) {
  EXPECT_TRUE(WithinFloor({}));
  EXPECT_TRUE(WithinFloor({.thresholds = {.min_support = 0.1,
                                          .min_confidence = 0.5,
                                          .min_lift = 2,
                                          .min_count = 9,
                                          .max_p_value = 0.01,
                                          .max_items = 2,
                                          .max_consequents = 1}}));
  EXPECT_TRUE(WithinFloor({.antecedent_skus = {1}}));
  EXPECT_FALSE(WithinFloor({.thresholds = {.min_support = 0.0049}}));
  EXPECT_FALSE(WithinFloor({.thresholds = {.min_lift = 0.9}}));
  EXPECT_FALSE(WithinFloor({.thresholds = {.min_count = 1}}));
  EXPECT_FALSE(WithinFloor({.thresholds = {.max_items = 5}}));
  index::Population online;
  online.channels = {"Online"};
  EXPECT_FALSE(WithinFloor({.population = online}));
}

SkuRules ThreeRules() {
  SkuRules rules(100);
  rules.Add({{2, 1}}, {{3}}, {10, 20, 10, 0});
  rules.Add({{1}}, {{2}}, {20, 20, 10, 0});
  rules.Add({{1}}, {{2, 3}}, {20, 10, 5, 0});
  return rules;
}

TEST(AnswerFromFloorTest, RulesThatEqualAThresholdMeetIt) {
  const SkuRules floor = ThreeRules();
  const auto count = [&](const SkuRuleQuery& query) {
    return AnswerFromFloor(floor, query).size();
  };
  EXPECT_EQ(count({}), 3);
  EXPECT_EQ(count({.thresholds = {.min_support = 0.1}}), 2);
  EXPECT_EQ(count({.thresholds = {.min_support = 0.1001}}), 0);
  EXPECT_EQ(count({.thresholds = {.min_confidence = 1}}), 1);
  EXPECT_EQ(count({.thresholds = {.min_lift = 5}}), 1);
  EXPECT_EQ(count({.thresholds = {.min_count = 6}}), 2);
  EXPECT_EQ(count({.thresholds = {.max_items = 2}}), 1);
  EXPECT_EQ(count({.thresholds = {.max_consequents = 1}}), 2);
  EXPECT_EQ(count({.thresholds = {.max_p_value = 0}}), 0);
  EXPECT_EQ(count({.antecedent_skus = {1, 2}}), 1);
  EXPECT_EQ(count({.consequent_skus = {2}}), 2);
}

}  // namespace
}  // namespace clustr::rules
