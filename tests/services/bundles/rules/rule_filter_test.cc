#include "services/bundles/rules/rule_filter.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "services/bundles/index/shop_index.h"
#include "services/bundles/rules/rule_differences.h"
#include "tests/services/bundles/index/model_shop.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::rules {
namespace {

constexpr int64_t kMaxRules = 1'000'000;

// Any thresholds that are at least as strict as those of `loose`.
SkuRuleQuery StricterQuery(const SkuRuleQuery& loose, index::RandomShop* random) {
  SkuRuleQuery query = loose;
  mining::Thresholds& t = query.thresholds;
  t.min_support += 0.01 * static_cast<double>(random->Number(0, 5));
  t.min_confidence += 0.1 * static_cast<double>(random->Number(0, 5));
  t.min_lift += 0.2 * static_cast<double>(random->Number(0, 5));
  t.min_count += random->Number(0, 5);
  t.max_items = static_cast<int>(random->Number(2, t.max_items));
  t.max_consequents = static_cast<int>(random->Number(0, 3));
  if (random->OneIn(3)) t.max_p_value = 0.05;
  query.only_improving = random->OneIn(2);
  if (random->OneIn(3)) query.antecedent_skus = {random->Number(1, 7)};
  if (random->OneIn(3)) query.consequent_skus = {random->Number(8, 14)};
  return query;
}

// Filtering the rules of loose thresholds is mining with strict ones.
TEST(FilterRulesTest, EqualsMiningWithStricterThresholds) {
  ForEachSeed(20, [&](uint64_t seed) {
    index::RandomShop random(seed);
    index::ShopIndex shop;
    for (int64_t id = 1; id <= 200; ++id) shop.PutBasket(random.MakeBasket(id, 14, 6, 30));
    const auto snapshot = shop.Publish();
    const index::Selection selection = index::Select(*snapshot, {});
    SkuRuleQuery loose;
    loose.thresholds = {.min_support = 0.01,
                        .min_confidence = 0.1 * static_cast<double>(random.Number(0, 2)),
                        .min_lift = 0.5 * static_cast<double>(random.Number(0, 2)),
                        .min_count = 2,
                        .max_items = 5};
    loose.may_raise_support = false;
    const auto all = MineSkuRules(*snapshot, selection, loose, kMaxRules);
    ASSERT_TRUE(all.ok()) << all.status();
    for (int round = 0; round < 10; ++round) {
      const SkuRuleQuery query = StricterQuery(loose, &random);
      const auto mined = MineSkuRules(*snapshot, selection, query, kMaxRules);
      ASSERT_TRUE(mined.ok()) << mined.status();
      const SkuRules filtered = FilterRules(*all, query);
      EXPECT_EQ(filtered.size(), mined->size());
      EXPECT_EQ(DigestOf(filtered), DigestOf(*mined));
    }
  });
}

}  // namespace
}  // namespace clustr::rules
