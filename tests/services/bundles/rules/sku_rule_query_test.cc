#include "services/bundles/rules/sku_rule_query.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "services/bundles/index/shop_index.h"
#include "services/bundles/rules/reference_shop.h"
#include "services/bundles/rules/rule_differences.h"
#include "tests/services/bundles/index/model_shop.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::rules {
namespace {

constexpr int64_t kMaxRules = 1'000'000;

// The index and the reference, to which the same changes are made.
class TwoShops {
 public:
  explicit TwoShops(uint64_t seed) : random(seed) {}

  void Change(int64_t transactions) {
    const int64_t id = random.Number(1, transactions);
    if (random.OneIn(8)) {
      index.RemoveBasket(id);
      reference.RemoveBasket(id);
    } else if (random.OneIn(8)) {
      const int64_t customer_id = random.Number(1, 12);
      const index::Customer customer = random.MakeCustomer();
      index.PutCustomer(customer_id, customer);
      reference.PutCustomer(customer_id, customer);
    } else {
      const index::Basket basket = random.MakeBasket(id, 14, 6, 30);
      index.PutBasket(basket);
      reference.PutBasket(basket);
    }
  }

  index::RandomShop random;
  index::ShopIndex index;
  ReferenceShop reference;
};

void ExpectSame(TwoShops& shops, const index::Population& population) {
  const auto shop = shops.index.Publish();
  const index::Selection selection = index::Select(*shop, population);
  SkuRuleQuery query = {.population = population};
  query.thresholds.min_support = 0.02 * static_cast<double>(shops.random.Number(0, 4));
  query.thresholds.min_lift = static_cast<double>(shops.random.Number(0, 1));
  const auto expected = *shops.reference.Rules(population, query.thresholds);
  const int64_t basket_count = shops.reference.basket_count(population);
  for (const int threads : {1, 2, 3}) {
    const auto answer = MineSkuRules(*shop, selection, query, kMaxRules, {}, threads);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->basket_count(), basket_count);
    EXPECT_EQ(Compare(*answer, expected, basket_count).count, 0) << threads << " threads";
  }
}

TEST(MineSkuRulesTest, FindsTheRulesOfTheReferenceMiner) {
  ForEachSeed(20, [&](uint64_t seed) {
    TwoShops shops(seed);
    for (int round = 0; round < 5; ++round) {
      for (int step = 0; step < 200; ++step) shops.Change(300);
      ExpectSame(shops, {});
      for (int n = 0; n < 3; ++n) ExpectSame(shops, shops.random.MakePopulation());
      if (HasFatalFailure()) return;
    }
  });
}

// Sets of products take memory and time also if none of them makes a rule.
TEST(MineSkuRulesTest, SetsOfProductsAreLimitedAsRulesAre) {
  index::ShopIndex index;
  for (int64_t id = 1; id <= 3; ++id) {
    index::Basket basket;
    basket.transaction_id = id;
    basket.customer_id = 1;
    for (int64_t sku = 1; sku <= 24; ++sku) basket.product_skus.push_back(sku);
    index.PutBasket(basket);
  }
  const auto shop = index.Publish();
  const index::Selection all = index::Select(*shop, {});
  SkuRuleQuery query;
  query.thresholds = {.min_support = 0, .min_lift = 1.5, .min_count = 1, .max_items = 8};
  const absl::Status status = MineSkuRules(*shop, all, query, kMaxRules, {}, 1).status();
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  EXPECT_NE(status.message().find("sets of products than this server keeps for one question"),
            std::string::npos)
      << status;
  query.thresholds.max_items = 5;
  const auto fewer = MineSkuRules(*shop, all, query, kMaxRules, {}, 1);
  ASSERT_TRUE(fewer.ok()) << fewer.status();
  EXPECT_EQ(fewer->size(), 0);
}

// The rules of `all` that no other one of `all` with the same consequents and fewer antecedents is
// as confident as, each as text.
std::set<std::string> Improving(const SkuRules& all) {
  const auto text = [&](size_t i) {
    return absl::StrCat(absl::StrJoin(all.antecedents(i), ","), ">",
                        absl::StrJoin(all.consequents(i), ","));
  };
  std::set<std::string> improving;
  for (size_t i = 0; i < all.size(); ++i) {
    bool is_as_good = false;
    for (size_t j = 0; j < all.size(); ++j) {
      const auto simple = all.antecedents(j);
      const auto complex = all.antecedents(i);
      // Compares count_ab / count_a without rounding.
      is_as_good = is_as_good ||
                   (simple.size() < complex.size() && all.consequents(i) == all.consequents(j) &&
                    std::includes(complex.begin(), complex.end(), simple.begin(), simple.end()) &&
                    all.counts(j).count_ab * all.counts(i).count_a >=
                        all.counts(i).count_ab * all.counts(j).count_a);
    }
    if (!is_as_good) improving.insert(text(i));
  }
  return improving;
}

TEST(MineSkuRulesTest, OnlyImprovingLeavesOutWhatASimplerRuleSays) {
  size_t left_out = 0;
  ForEachSeed(10, [&](uint64_t seed) {
    TwoShops shops(seed);
    for (int step = 0; step < 200; ++step) shops.Change(60);
    const auto shop = shops.index.Publish();
    const index::Selection all = index::Select(*shop, {});
    SkuRuleQuery query;
    query.thresholds.min_support = 0.02;
    query.thresholds.min_lift = 0;
    const SkuRules rules = *MineSkuRules(*shop, all, query, kMaxRules);
    query.only_improving = true;
    const SkuRules improving = *MineSkuRules(*shop, all, query, kMaxRules);
    std::set<std::string> found;
    for (size_t i = 0; i < improving.size(); ++i) {
      found.insert(absl::StrCat(absl::StrJoin(improving.antecedents(i), ","), ">",
                                absl::StrJoin(improving.consequents(i), ",")));
    }
    EXPECT_EQ(found, Improving(rules));
    left_out += rules.size() - improving.size();
  });
  EXPECT_GT(left_out, 0u);
}

TEST(MineSkuRulesTest, ADefaultSupportIsRaisedToTheLeastThatFits) {
  index::ShopIndex index;
  // Two equal orders of 8 products among ten of {1, 2}.
  for (int64_t id = 1; id <= 2; ++id) {
    index.PutBasket({id, 1, 0, "", "", {11, 12, 13, 14, 15, 16, 17, 18}});
  }
  for (int64_t id = 3; id <= 12; ++id) index.PutBasket({id, 1, 0, "", "", {1, 2}});
  const auto shop = index.Publish();
  const index::Selection all = index::Select(*shop, {});
  SkuRuleQuery query;
  const auto raised = MineSkuRules(*shop, all, query, 100);
  ASSERT_TRUE(raised.ok()) << raised.status();
  EXPECT_EQ(raised->size(), 2u);
  ASSERT_TRUE(raised->raised_min_support().has_value());
  EXPECT_GT(*raised->raised_min_support(), 2.0 / 12);
  EXPECT_LE(*raised->raised_min_support(), 10.0 / 12);
  query.may_raise_support = false;
  EXPECT_TRUE(absl::IsResourceExhausted(MineSkuRules(*shop, all, query, 100).status()));
  EXPECT_EQ(MineSkuRules(*shop, all, query, kMaxRules)->raised_min_support(), std::nullopt);
}

TEST(MineSkuRulesTest, FindsTheSameRulesWithSeveralThreads) {
  // There are enough baskets for three threads, also in the population with most of them.
  TwoShops shops(7);
  for (int step = 0; step < 500'000; ++step) shops.Change(400'000);
  index::Population population;
  ExpectSame(shops, population);
  population.end_day = 4;
  ExpectSame(shops, population);
}

}  // namespace
}  // namespace clustr::rules
