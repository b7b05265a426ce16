#include "services/bundles/rules/sku_rule_query.h"

#include <memory>
#include <vector>

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
