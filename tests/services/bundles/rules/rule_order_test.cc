#include "services/bundles/rules/rule_order.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ParseRuleOrderTest, EmptyIsLiftDescending) {
  EXPECT_THAT(*ParseRuleOrder(""), ElementsAre(OrderTerm{RuleField::kLift, true}));
}

TEST(ParseRuleOrderTest, IsAscendingUnlessDescFollows) {
  EXPECT_THAT(*ParseRuleOrder(" count_ab "), ElementsAre(OrderTerm{RuleField::kCountAb, false}));
  EXPECT_THAT(*ParseRuleOrder("p_value  desc"), ElementsAre(OrderTerm{RuleField::kPValue, true}));
  EXPECT_THAT(
      *ParseRuleOrder("support desc, rule_id"),
      ElementsAre(OrderTerm{RuleField::kSupport, true}, OrderTerm{RuleField::kRuleId, false}));
}

TEST(ParseRuleOrderTest, SaysWhatIsAllowed) {
  for (const char* text : {"price", "lift asc", "lift desc desc", "LIFT", ",", "lift,", "desc"}) {
    const auto order = ParseRuleOrder(text);
    ASSERT_FALSE(order.ok()) << text;
    EXPECT_THAT(std::string(order.status().message()), HasSubstr("use one of lift, confidence"));
  }
}

TEST(ParseRuleOrderTest, NamesAFieldOnce) {
  const auto order = ParseRuleOrder("lift, support, lift desc");
  ASSERT_FALSE(order.ok());
  EXPECT_THAT(std::string(order.status().message()), HasSubstr("names a field twice; name it"));
}

// Rule 0 is strong, rules 1 and 2 differ only in their sides, and rule 3 is weak.
SkuRules FourRules() {
  SkuRules rules(100);
  rules.Add({{1}}, {{2}}, {10, 10, 10, 100});
  rules.Add({{5}}, {{6}}, {20, 20, 10, 100});
  rules.Add({{3}}, {{4}}, {20, 20, 10, 100});
  rules.Add({{7}}, {{8}}, {50, 50, 25, 100});
  return rules;
}

TEST(SortRulesTest, TiesEndInRuleIdAscendingWhateverTheDirection) {
  const SkuRules rules = FourRules();
  const uint32_t less = rules.rule_id(1) < rules.rule_id(2) ? 1 : 2;
  EXPECT_THAT(SortRules(rules, *ParseRuleOrder("lift desc")), ElementsAre(0, less, 3 - less, 3));
  EXPECT_THAT(SortRules(rules, *ParseRuleOrder("lift")), ElementsAre(3, less, 3 - less, 0));
}

TEST(SortRulesTest, LaterTermsDecideTies) {
  const SkuRules rules = FourRules();
  const uint32_t less = rules.rule_id(1) < rules.rule_id(2) ? 1 : 2;
  EXPECT_THAT(SortRules(rules, *ParseRuleOrder("confidence, count_ab desc, rule_id desc")),
              ElementsAre(3, 3 - less, less, 0));
}

TEST(SortRulesTest, OrdersRuleIdsBeyondThePrecisionOfDoubles) {
  const SkuRules rules = FourRules();
  std::vector<int64_t> ids;
  for (const uint32_t i : SortRules(rules, *ParseRuleOrder("rule_id"))) {
    ids.push_back(rules.rule_id(i));
  }
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
}

TEST(SortRulesTest, RanksPValuesThatUnderflow) {
  SkuRules rules(10'000'000);
  rules.Add({{1}}, {{2}}, {100'000, 100'000, 100'000, 0});
  rules.Add({{3}}, {{4}}, {200'000, 200'000, 200'000, 0});
  EXPECT_THAT(SortRules(rules, *ParseRuleOrder("p_value")), ElementsAre(1, 0));
}

}  // namespace
}  // namespace clustr::rules
