#include "services/bundles/rules/rule_differences.h"

#include <vector>

#include "gtest/gtest.h"

namespace clustr::rules {
namespace {

using mining::ReferenceRule;

SkuRules Served() {
  SkuRules rules(10);
  rules.Add({{2}}, {{1}}, {4, 5, 3, 0});
  rules.Add({{1}}, {{2}}, {5, 4, 3, 0});
  return rules;
}

const std::vector<ReferenceRule> kReference = {{{1}, {2}, 5, 4, 3}, {{2}, {1}, 4, 5, 3}};

TEST(CompareTest, FindsNothingWhereBothAgree) {
  const RuleDifferences same = Compare(Served(), kReference, 10);
  EXPECT_EQ(same.count, 0);
  EXPECT_TRUE(same.first.empty());
}

TEST(CompareTest, ShowsARuleThatOnlyTheReferenceHas) {
  std::vector<ReferenceRule> reference = kReference;
  reference.push_back({{3}, {4}, 2, 2, 2});
  const RuleDifferences differences = Compare(Served(), reference, 10);
  EXPECT_EQ(differences.count, 1);
  EXPECT_EQ(differences.first, std::vector<ReferenceRule>{reference.back()});
}

TEST(CompareTest, ShowsARuleThatIsOnlyServed) {
  const RuleDifferences differences = Compare(Served(), {kReference[1]}, 10);
  EXPECT_EQ(differences.count, 1);
  EXPECT_EQ(differences.first, std::vector<ReferenceRule>{kReference[0]});
}

TEST(CompareTest, ShowsTheCountsOfTheReferenceWhereCountsDiffer) {
  for (int64_t ReferenceRule::*count :
       {&ReferenceRule::count_a, &ReferenceRule::count_b, &ReferenceRule::count_ab}) {
    std::vector<ReferenceRule> reference = kReference;
    ++(reference[0].*count);
    const RuleDifferences differences = Compare(Served(), reference, 10);
    EXPECT_EQ(differences.count, 1);
    EXPECT_EQ(differences.first, std::vector<ReferenceRule>{reference[0]});
  }
}

TEST(CompareTest, EveryRuleDiffersIfTheBasketCountDoes) {
  const RuleDifferences differences = Compare(Served(), kReference, 11);
  EXPECT_EQ(differences.count, 2);
  EXPECT_EQ(differences.basket_counts, (std::vector<int64_t>{11, 11}));
}

TEST(CompareTest, CountsAllAndShowsAHundred) {
  std::vector<ReferenceRule> reference;
  for (int64_t sku = 10; sku < 250; ++sku) reference.push_back({{sku}, {sku + 1}, 1, 1, 1});
  const RuleDifferences differences = Compare(SkuRules(10), reference, 10);
  EXPECT_EQ(differences.count, 240);
  EXPECT_EQ(differences.first.size(), 100);
  EXPECT_EQ(differences.first.back(), reference[99]);
}

TEST(DigestTest, DependsOnRulesAndNotOnTheirOrder) {
  SkuRules turned(10);
  turned.Add({{1}}, {{2}}, {5, 4, 3, 0});
  turned.Add({{2}}, {{1}}, {4, 5, 3, 0});
  EXPECT_EQ(DigestOf(turned), DigestOf(Served()));
  SkuRules other(10);
  other.Add({{1}}, {{2}}, {5, 4, 2, 0});
  other.Add({{2}}, {{1}}, {4, 5, 3, 0});
  EXPECT_NE(DigestOf(other), DigestOf(Served()));
}

TEST(DigestTest, IsSha256OfTheLines) {
  SkuRules rules(10);
  rules.Add({{2, 1}}, {{3}}, {5, 4, 3, 0});
  // printf '1,2>3 5 4 3 10\n' | sha256sum
  EXPECT_EQ(DigestOf(rules), "5a2d07e20e2efb669371c422bae8f355114f3609c700ac68f970e6abaed0eb38");
  // printf '' | sha256sum
  EXPECT_EQ(DigestOf(SkuRules(10)),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace
}  // namespace clustr::rules
