#include "services/bundles/rule_sets/rule_intake.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/bundles/index/shop_index.h"
#include "tests/testing/matchers.h"

namespace clustr::bundles {
namespace {

constexpr mining::Thresholds kAll = {
    .min_support = 0, .min_lift = 0, .min_count = 1, .max_items = 8};

// A shop of ten products that were bought once.
std::shared_ptr<const index::Snapshot> Shop() {
  index::ShopIndex shop;
  index::Basket basket;
  basket.transaction_id = 1;
  basket.product_skus = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  shop.PutBasket(basket);
  return shop.Publish();
}

v1::CountedRule Rule(const std::string& text) { return testing::Text<v1::CountedRule>(text); }

class RuleIntakeTest : public ::testing::Test {
 protected:
  // The violations of the rule; empty if it was taken.
  std::vector<std::string> Take(const std::string& rule) {
    const int64_t failed = intake_.failed_count();
    intake_.Take(Rule(rule));
    std::vector<std::string> texts;
    if (intake_.failed_count() == failed) return texts;
    for (const auto& violation : intake_.errors().back().violations()) {
      texts.push_back(absl::StrCat(violation.field(), ": ", violation.description()));
    }
    return texts;
  }

  RuleIntake intake_{100, kAll, Shop()};
};

TEST_F(RuleIntakeTest, TakesARuleWithItsSidesInAscendingOrder) {
  EXPECT_TRUE(
      Take("antecedents: 3 antecedents: 1 consequents: 2 count_a: 10 count_b: 20 count_ab: 5")
          .empty());
  ASSERT_EQ(intake_.rules().size(), 1);
  EXPECT_EQ(intake_.rules().antecedents(0), (std::vector<int64_t>{1, 3}));
  EXPECT_EQ(intake_.rules().counts(0), (mining::RuleCounts{10, 20, 5, 100}));
}

TEST_F(RuleIntakeTest, RefusesImpossibleCounts) {
  const auto counts = [&](int a, int b, int ab) {
    const auto texts = Take(absl::StrCat("antecedents: 1 consequents: 2 count_a: ", a,
                                         " count_b: ", b, " count_ab: ", ab));
    return texts.empty() ? "" : texts[0];
  };
  EXPECT_EQ(counts(101, 20, 5),
            "count_a: 101 is above basket_count, which is 100; give at most "
            "that");
  EXPECT_EQ(counts(10, 101, 5),
            "count_b: 101 is above basket_count, which is 100; give at most "
            "that");
  EXPECT_EQ(counts(4, 20, 5),
            "count_ab: 5 is above count_a, which is 4; give the number of "
            "baskets that hold both sides");
  EXPECT_EQ(counts(20, 4, 5),
            "count_ab: 5 is above count_b, which is 4; give the number of "
            "baskets that hold both sides");
  EXPECT_EQ(counts(60, 50, 9),
            "count_ab: 9 leaves 101 baskets with either side, but basket_count "
            "is 100; give the number of baskets that hold both sides");
  EXPECT_EQ(counts(0, 4, 3), "count_a: is required and missing; give a value");
  EXPECT_EQ(intake_.rules().size(), 0);
  EXPECT_EQ(counts(60, 50, 10), "") << "every basket holds a side";
}

TEST_F(RuleIntakeTest, RefusesSidesThatAreNoRule) {
  const std::string counts = " count_a: 10 count_b: 10 count_ab: 5";
  const auto first = [&](const std::string& sides) {
    const auto texts = Take(sides + counts);
    return texts.empty() ? "" : texts[0];
  };
  EXPECT_EQ(first("consequents: 2"), "antecedents: 0 entries; give at least 1");
  EXPECT_EQ(first("antecedents: 1 consequents: 2 consequents: 1"),
            "consequents: 1 is also in antecedents; name each product on one side only");
  EXPECT_EQ(first("antecedents: [1, 2, 3, 4, 5] consequents: [6, 7, 8, 9]"),
            "consequents: the rule has 9 products; give at most 8 on both sides together");
}

TEST_F(RuleIntakeTest, RefusesProductsThatTheShopDoesNotKnow) {
  const auto texts = Take("antecedents: 1 consequents: 77 count_a: 10 count_b: 10 count_ab: 5");
  ASSERT_EQ(texts.size(), 1);
  EXPECT_EQ(texts[0],
            "consequents: there is no product 77; create it first, or leave out the rule");
  EXPECT_EQ(intake_.errors()[0].violations(0).reason(), "REFERENCE_MISSING");
  EXPECT_EQ(intake_.errors()[0].row(), 1);
}

TEST_F(RuleIntakeTest, RefusesASecondRuleWithTheSameSides) {
  const std::string rule = " consequents: 3 count_a: 10 count_b: 20 count_ab: 5";
  EXPECT_TRUE(Take("antecedents: [1, 2]" + rule).empty());
  EXPECT_EQ(Take("antecedents: [2, 1]" + rule),
            std::vector<std::string>{": an earlier rule has the same sides; give each rule once"});
}

TEST_F(RuleIntakeTest, RefusesCountsThatContradictEarlierRules) {
  EXPECT_TRUE(Take("antecedents: 1 consequents: 2 count_a: 10 count_b: 20 count_ab: 5").empty());
  EXPECT_TRUE(Take("antecedents: 2 consequents: 1 count_a: 20 count_b: 10 count_ab: 5").empty());
  EXPECT_EQ(Take("antecedents: 1 consequents: 3 count_a: 11 count_b: 20 count_ab: 5")[0],
            "count_a: 11 is not what an earlier rule says of the products 1, which is 10; give "
            "each set of products one count");
  // What a refused rule says does not count.
  EXPECT_TRUE(Take("antecedents: 1 consequents: 3 count_a: 10 count_b: 21 count_ab: 5").empty());
}

TEST(RuleIntakeThresholdsTest, RefusesWhatTheThresholdsExclude) {
  mining::Thresholds thresholds = kAll;
  thresholds.min_count = 5;
  RuleIntake intake(100, thresholds, Shop());
  intake.Take(Rule("antecedents: 1 consequents: 2 count_a: 10 count_b: 20 count_ab: 5"));
  EXPECT_EQ(intake.failed_count(), 0);
  intake.Take(Rule("antecedents: 1 consequents: 3 count_a: 10 count_b: 20 count_ab: 4"));
  EXPECT_EQ(intake.failed_count(), 1);
}

TEST(RuleIntakeContentTest, DependsOnEveryRuleAndOnNothingElse) {
  const auto content = [](const std::vector<std::string>& rules) {
    RuleIntake intake(100, kAll, Shop());
    for (const std::string& rule : rules) intake.Take(Rule(rule));
    return intake.content();
  };
  const std::string a = "antecedents: 1 consequents: 2 count_a: 10 count_b: 20 count_ab: 5";
  const std::string b = "antecedents: 1 consequents: 2 count_a: 10 count_b: 20 count_ab: 6";
  EXPECT_EQ(content({a}), content({a}));
  EXPECT_NE(content({a}), content({b}));
  EXPECT_NE(content({a, b}), content({a})) << "b is refused, but was sent";
}

TEST(RuleIntakeErrorsTest, KeepsTheFirstHundred) {
  RuleIntake intake(100, kAll, Shop());
  for (int i = 0; i < 150; ++i) intake.Take({});
  EXPECT_EQ(intake.failed_count(), 150);
  ASSERT_EQ(intake.errors().size(), RuleIntake::kMaxReported);
  EXPECT_EQ(intake.errors().back().row(), 100);
}

}  // namespace
}  // namespace clustr::bundles
