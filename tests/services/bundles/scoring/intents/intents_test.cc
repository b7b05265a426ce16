#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/index/queries.h"
#include "services/bundles/index/shop_index.h"
#include "services/bundles/scoring/intents/likeness.h"
#include "services/bundles/scoring/intents/sequels.h"
#include "services/bundles/scoring/intents/substitutes.h"
#include "services/bundles/scoring/intents/trends.h"
#include "tests/services/bundles/index/model_shop.h"
#include "tests/testing/for_each_seed.h"

// The intents that are counted from the baskets, each beside its definition on plain maps.
namespace clustr::scoring {
namespace {

using index::Basket;
using index::CoCounts;
using index::ModelShop;
using index::Population;
using index::RandomShop;
using index::Selection;
using index::ShopIndex;
using SkuSet = ModelShop::SkuSet;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A random shop with some order in it, so that there is something to find.
struct Case {
  explicit Case(uint64_t seed) : random(seed) {
    for (int64_t sku = 985; sku <= 1000; ++sku) shop.Put(index, sku, random.MakeProduct());
    for (int i = 0; i < 150; ++i) random.Change(shop, index, 120, 16);
    for (int64_t id = 200; id < 400; ++id) {
      Basket basket = random.MakeBasket(id, 8, 3, 16);
      // Products 990 and 991 are bought with 993 and 994, 986 with 987, 995 is new, and 992 later.
      if (id % 3 == 0) {
        basket.product_skus.push_back(random.OneIn(2) ? 990 : 991);
        basket.product_skus.insert(basket.product_skus.end(), {993, 994});
      } else {
        basket.product_skus.insert(basket.product_skus.end(), {986, 987});
      }
      if (basket.epoch_day > 2) basket.product_skus.push_back(995);
      if (basket.epoch_day > 0) basket.product_skus.push_back(992);
      shop.Put(index, basket);
    }
    snapshot = index.Publish();
    population = random.OneIn(2) ? Population() : random.MakePopulation();
    selection = index::Select(*snapshot, population);
    if (!selection.everything) counts = index::CountItems(*snapshot, selection);
    for (const auto& [id, skus] : shop.Select(population)) baskets.push_back(&shop.baskets.at(id));
    query.products.in_stock_only = random.OneIn(2);
    if (random.OneIn(4)) query.products.categories = {"category0", ""};
    query.limit = static_cast<size_t>(random.Number(1, 20));
  }

  bool Offered(int64_t sku) const {
    const auto it = shop.products.find(sku);
    if (it == shop.products.end()) return false;
    const auto& categories = query.products.categories;
    return (it->second.in_stock || !query.products.in_stock_only) &&
           (categories.empty() ||
            std::count(categories.begin(), categories.end(), it->second.category) > 0);
  }
  static bool Holds(const Basket& basket, int64_t sku) {
    return std::count(basket.product_skus.begin(), basket.product_skus.end(), sku) > 0;
  }
  double Count(const SkuSet& skus) const {
    return static_cast<double>(
        std::count_if(baskets.begin(), baskets.end(), [&](const Basket* basket) {
          return std::all_of(skus.begin(), skus.end(),
                             [&](int64_t sku) { return Holds(*basket, sku); });
        }));
  }
  std::set<int64_t> Sold() const {
    std::set<int64_t> sold;
    for (const Basket* basket : baskets) {
      sold.insert(basket->product_skus.begin(), basket->product_skus.end());
    }
    return sold;
  }

  RandomShop random;
  ModelShop shop;
  ShopIndex index;
  std::shared_ptr<const index::Snapshot> snapshot;
  Population population;
  Selection selection;
  std::vector<uint32_t> counts;
  std::vector<const Basket*> baskets;  // Of the population.
  ProductQuery query;
};

// P(X >= both) by adding up the hypergeometric distribution.
double PlainFisher(int64_t recent, int64_t all_recent, int64_t earlier, int64_t all_earlier) {
  const auto choose = [](int64_t n, int64_t k) {
    return std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0);
  };
  double sum = 0;
  for (int64_t x = recent; x <= std::min(all_recent, recent + earlier); ++x) {
    const int64_t rest = recent + earlier - x;
    if (rest > all_earlier) continue;
    sum += std::exp(choose(all_recent, x) + choose(all_earlier, rest) -
                    choose(all_recent + all_earlier, recent + earlier));
  }
  return std::min(1.0, sum);
}

TEST(TrendsTest, EqualTheirDefinition) {
  int found = 0;
  ForEachSeed(150, [&](uint64_t seed) {
    Case c(seed);
    const auto days = static_cast<int32_t>(c.random.Number(1, 4));
    const auto today = static_cast<int32_t>(c.random.Number(-2, 8));
    const Trends trends(*c.snapshot, c.selection, days, today);
    std::optional<int32_t> newest;
    for (const Basket* basket : c.baskets) {
      newest = std::max(newest.value_or(basket->epoch_day), basket->epoch_day);
    }
    if (!newest) {
      EXPECT_THAT(trends.Best(ProductOffers(*c.snapshot, c.query), 5), IsEmpty());
      return;
    }
    const int32_t end = std::min(*newest, today);
    const int32_t start = end - days + 1;
    const auto count = [&](int32_t from, int32_t to, std::optional<int64_t> sku) {
      return std::count_if(c.baskets.begin(), c.baskets.end(), [&](const Basket* basket) {
        return basket->epoch_day >= from && basket->epoch_day <= to &&
               (!sku || Case::Holds(*basket, *sku));
      });
    };
    const int64_t all_recent = count(start, end, std::nullopt);
    const int64_t all_earlier = count(start - 4 * days, start - 1, std::nullopt);
    ASSERT_EQ(trends.periods().recent_baskets, all_recent);
    ASSERT_EQ(trends.periods().earlier_baskets, all_earlier);
    std::map<int64_t, double> p_values;
    std::vector<double> ascending;
    for (const int64_t sku : c.Sold()) {
      const int64_t recent = count(start, end, sku);
      const int64_t earlier = count(start - 4 * days, start - 1, sku);
      if (recent + earlier == 0) continue;
      const Trend trend = trends.Of(*c.snapshot->item_of(sku));
      ASSERT_EQ(trend.recent, recent);
      ASSERT_EQ(trend.earlier, earlier);
      ASSERT_NEAR(trend.p_value, PlainFisher(recent, all_recent, earlier, all_earlier), 1e-9);
      p_values[sku] = trend.p_value;
      ascending.push_back(trend.p_value);
    }
    std::sort(ascending.begin(), ascending.end());
    double limit = -1;
    for (size_t k = 1; k <= ascending.size(); ++k) {
      const double allowed = 0.05 * static_cast<double>(k) / static_cast<double>(ascending.size());
      if (ascending[k - 1] <= allowed) limit = ascending[k - 1];
    }
    std::vector<std::tuple<double, int64_t, int64_t>> expected;  // Negated, best first.
    for (const auto& [sku, p_value] : p_values) {
      const double recent = static_cast<double>(count(start, end, sku));
      const double earlier = static_cast<double>(count(start - 4 * days, start - 1, sku));
      if (p_value > limit || recent == 0 || !c.Offered(sku)) continue;
      const double a = recent + 0.5, of_a = static_cast<double>(all_recent) + 0.5;
      const double b = earlier + 0.5, of_b = static_cast<double>(all_earlier) + 0.5;
      const double growth = all_earlier == 0 || all_recent == 0
                                ? 0
                                : std::exp(std::log(a / of_a / (b / of_b)) -
                                           1.645 * std::sqrt(1 / a - 1 / of_a + 1 / b - 1 / of_b));
      expected.emplace_back(-growth, -static_cast<int64_t>(recent), sku);
    }
    std::sort(expected.begin(), expected.end());
    if (expected.size() > c.query.limit) expected.resize(c.query.limit);
    const auto best = trends.Best(ProductOffers(*c.snapshot, c.query), c.query.limit);
    ASSERT_EQ(best.size(), expected.size());
    for (size_t i = 0; i < best.size(); ++i) {
      EXPECT_NEAR(best[i].score, -std::get<0>(expected[i]), 1e-12);
      EXPECT_EQ(-best[i].recent, std::get<1>(expected[i]));
    }
    found += static_cast<int>(best.size());
  });
  EXPECT_GT(found, 20);
}

TEST(TrendsTest, ABestsellerThatDoesNotGrowIsNoTrend) {
  ShopIndex index;
  for (const int64_t sku : {1, 2, 3}) index.PutProduct(sku, {});
  // Product 1 is in every basket, 2 in every tenth, and 3 in every fourth of the last ten days.
  for (int64_t id = 0; id < 1000; ++id) {
    const auto day = static_cast<int32_t>(id / 20);
    std::vector<int64_t> skus = {1};
    if (id % 10 == 0) skus.push_back(2);
    if (day >= 40 && id % 4 == 0) skus.push_back(3);
    index.PutBasket({id + 1, 1, day, "", "", skus});
  }
  const auto snapshot = index.Publish();
  const Trends trends(*snapshot, index::Select(*snapshot, {}), 10, 1000);
  const auto best = trends.Best(ProductOffers(*snapshot, {}), 10);
  ASSERT_EQ(best.size(), 1u);
  EXPECT_EQ(snapshot->sku_of(best[0].item), 3);
  EXPECT_EQ(best[0].recent, 50);
  EXPECT_EQ(best[0].earlier, 0);
  EXPECT_GT(best[0].score, 10);
}

TEST(TrendsTest, SignificanceIsThatOfBenjaminiAndHochberg) {
  // The example of their paper (1995): four of fifteen hypotheses are rejected at 5 %.
  const std::vector<double> p = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                                 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.000};
  EXPECT_EQ(SignificantCount(p, 0.05), 4u);
  EXPECT_EQ(SignificantCount({}, 0.05), 0u);
  EXPECT_EQ(SignificantCount({0.06}, 0.05), 0u);
}

// The weight of a link of a context.
double PlainWeight(const Case& c, int64_t a, int64_t b) {
  const double certain = c.Count({a, b}) - 1.645 * std::sqrt(c.Count({a, b}));
  const double n = static_cast<double>(c.baskets.size());
  return certain > 0 ? std::max(0.0, std::log(certain * n / (c.Count({a}) * c.Count({b})))) : 0;
}

TEST(SubstitutesTest, EqualTheirDefinition) {
  int found = 0;
  ForEachSeed(100, [&](uint64_t seed) {
    Case c(seed);
    const int64_t original = c.random.OneIn(2) ? 990 : c.random.Sku(16);
    const auto item = c.snapshot->item_of(original);
    if (!item) return;
    CoCounts co_counts;
    const Substitutes substitutes(*c.snapshot, c.selection, c.counts, *item, co_counts);
    c.query.basket = {*item};
    std::vector<std::tuple<double, double, int64_t>> expected;  // Negated, best first.
    for (const int64_t sku : c.Sold()) {
      if (sku == original) continue;
      double common = 0;
      double total = 0;
      for (const int64_t link : c.Sold()) {
        if (link == original || link == sku) continue;
        total += PlainWeight(c, original, link);
        common += std::min(PlainWeight(c, original, link), PlainWeight(c, sku, link));
      }
      const double chance =
          c.Count({original}) * c.Count({sku}) / static_cast<double>(c.baskets.size());
      const double together = c.Count({original, sku});
      const double share = common > 0 ? common / total : 0;
      const double score = share * (chance + 1) / (chance + together + 1);
      const Substitute one = substitutes.Of(*c.snapshot->item_of(sku));
      ASSERT_NEAR(one.score, score, 1e-9) << sku;
      double sum = 0;
      for (const auto& [link, part] : one.context) sum += part;
      EXPECT_NEAR(sum, one.context_share, 1e-9);
      if (score > 0) {
        EXPECT_EQ(one.together, together);
      }
      if (score > 0 && c.Offered(sku)) expected.emplace_back(-score, -c.Count({sku}), sku);
    }
    std::sort(expected.begin(), expected.end());
    if (expected.size() > c.query.limit) expected.resize(c.query.limit);
    const auto best = substitutes.Best(ProductOffers(*c.snapshot, c.query), c.query.limit);
    ASSERT_EQ(best.size(), expected.size());
    for (size_t i = 0; i < best.size(); ++i) {
      EXPECT_NEAR(best[i].score, -std::get<0>(expected[i]), 1e-9);
      EXPECT_EQ(best[i].score, substitutes.Of(best[i].item).score);
    }
    found += static_cast<int>(best.size());
  });
  EXPECT_GT(found, 30);
}

TEST(SubstitutesTest, AReplacementHasTheSameCompanionsAndNotTheProduct) {
  ShopIndex index;
  for (int64_t sku = 1; sku <= 6; ++sku) index.PutProduct(sku, {});
  // 1 or 2 is bought with 3 and 4; 5 with 6.
  for (int64_t id = 1; id <= 40; ++id) {
    index.PutBasket({id, id, 0, "", "", {id % 2 == 0 ? 1 : 2, 3, 4}});
    index.PutBasket({100 + id, id, 0, "", "", {5, 6}});
  }
  const auto snapshot = index.Publish();
  const Selection all = index::Select(*snapshot, {});
  CoCounts co_counts;
  const Substitutes substitutes(*snapshot, all, {}, *snapshot->item_of(1), co_counts);
  ProductQuery query;
  query.basket = {*snapshot->item_of(1)};
  const auto best = substitutes.Best(ProductOffers(*snapshot, query), 10);
  ASSERT_FALSE(best.empty());
  EXPECT_EQ(snapshot->sku_of(best[0].item), 2);
  EXPECT_DOUBLE_EQ(best[0].score, 1);
  EXPECT_EQ(best[0].together, 0);
  EXPECT_EQ(best[0].expected_together, 5);
}

TEST(LikenessTest, AProductNeverSoldIsReplacedByItsCategory) {
  ShopIndex index;
  index.PutProduct(1, {"new", "mugs", "A", 1000, std::nullopt, true});
  index.PutProduct(2, {"same brand", "mugs", "A", 500, std::nullopt, true});
  index.PutProduct(3, {"same price", "mugs", "B", 1000, std::nullopt, true});
  index.PutProduct(4, {"other", "pots", "A", 1000, std::nullopt, true});
  const auto snapshot = index.Publish();
  const Selection all = index::Select(*snapshot, {});
  CoCounts co_counts;
  EXPECT_FALSE(Substitutes(*snapshot, all, {}, *snapshot->item_of(1), co_counts).has_context());
  ProductQuery query;
  query.products.in_stock_only = false;
  const auto alike =
      MostAlike(*snapshot, *snapshot->item_of(1), ProductOffers(*snapshot, query), 10);
  ASSERT_EQ(alike.size(), 2u);
  EXPECT_EQ(snapshot->sku_of(alike[0].item), 2);
  EXPECT_DOUBLE_EQ(alike[0].score, 0.5 + 0.25 + 0.125);
  EXPECT_DOUBLE_EQ(alike[1].score, 0.5 + 0.25);
}

TEST(SequelsTest, EqualTheirDefinition) {
  int found = 0;
  ForEachSeed(150, [&](uint64_t seed) {
    Case c(seed);
    const int64_t first = c.random.OneIn(2) ? 990 : c.random.Sku(16);
    const auto item = c.snapshot->item_of(first);
    if (!item) return;
    const auto within = static_cast<int32_t>(c.random.Number(1, 6));
    const Sequels sequels(*c.snapshot, c.selection, *item, within);
    c.query.basket = {*item};
    std::map<int64_t, std::vector<const Basket*>> of_customer;
    for (const Basket* basket : c.baskets) of_customer[basket->customer_id].push_back(basket);
    int64_t buyers = 0;
    std::map<int64_t, std::vector<int32_t>> gaps;
    std::map<int64_t, int64_t> before;
    for (const auto& [customer, bought] : of_customer) {
      if (c.shop.IsGuest(customer)) continue;
      const bool buys = std::any_of(bought.begin(), bought.end(), [&](const Basket* basket) {
        return Case::Holds(*basket, first);
      });
      if (!buys) continue;
      ++buyers;
      for (const int64_t sku : c.Sold()) {
        if (sku == first) continue;
        std::optional<std::pair<int32_t, int32_t>> earliest;  // Its day, and the gap.
        bool was_before = false;
        for (const Basket* start : bought) {
          if (!Case::Holds(*start, first)) continue;
          for (const Basket* basket : bought) {
            if (!Case::Holds(*basket, sku)) continue;
            const int32_t gap = basket->epoch_day - start->epoch_day;
            if (gap >= 1 && gap <= within) {
              const std::pair<int32_t, int32_t> found_one = {basket->epoch_day, gap};
              if (!earliest || found_one < *earliest) earliest = found_one;
            }
            was_before = was_before || (gap <= -1 && gap >= -within);
          }
        }
        if (earliest) gaps[sku].push_back(earliest->second);
        before[sku] += was_before;
      }
    }
    ASSERT_EQ(sequels.buyers(), buyers);
    std::vector<std::tuple<double, int64_t, int64_t>> expected;  // Negated, best first.
    for (const int64_t sku : c.Sold()) {
      if (sku == first) continue;
      std::vector<int32_t> days = gaps[sku];
      std::sort(days.begin(), days.end());
      const Sequel one = sequels.Of(*c.snapshot->item_of(sku));
      ASSERT_EQ(one.after, static_cast<int64_t>(days.size())) << sku;
      ASSERT_EQ(one.before, before[sku]) << sku;
      if (days.empty()) continue;
      const size_t middle = days.size() / 2;
      const double median =
          days.size() % 2 == 1 ? days[middle] : (days[middle - 1] + days[middle]) / 2.0;
      EXPECT_EQ(one.median_gap_days, median);
      const double score =
          static_cast<double>(one.after - one.before) / static_cast<double>(buyers);
      if (score > 0 && one.after >= 2 && c.Offered(sku))
        expected.emplace_back(-score, -one.after, sku);
    }
    std::sort(expected.begin(), expected.end());
    if (expected.size() > c.query.limit) expected.resize(c.query.limit);
    const auto best = sequels.Best(ProductOffers(*c.snapshot, c.query), c.query.limit);
    ASSERT_EQ(best.size(), expected.size());
    for (size_t i = 0; i < best.size(); ++i) {
      EXPECT_EQ(c.snapshot->sku_of(best[i].item), std::get<2>(expected[i]));
      EXPECT_EQ(best[i].median_gap_days, sequels.Of(best[i].item).median_gap_days);
    }
    found += static_cast<int>(best.size());
  });
  EXPECT_GT(found, 100);
}

TEST(SequelsTest, WhatSellsAlikeBeforeAndAfterIsNoSequel) {
  ShopIndex index;
  for (const int64_t sku : {1, 2, 3}) index.PutProduct(sku, {});
  int64_t id = 0;
  // Ten customers buy 3 every other day; five of them buy 2 four days after 1.
  for (int64_t customer = 1; customer <= 10; ++customer) {
    for (int32_t day = 0; day < 20; day += 2) index.PutBasket({++id, customer, day, "", "", {3}});
    index.PutBasket({++id, customer, 10, "", "", {1}});
    if (customer <= 5) index.PutBasket({++id, customer, 14, "", "", {2}});
  }
  const auto snapshot = index.Publish();
  const Sequels sequels(*snapshot, index::Select(*snapshot, {}), *snapshot->item_of(1), 7);
  const auto best = sequels.Best(ProductOffers(*snapshot, {}), 10);
  ASSERT_EQ(best.size(), 1u);
  EXPECT_EQ(snapshot->sku_of(best[0].item), 2);
  EXPECT_EQ(best[0].score, 0.5);
  EXPECT_EQ(best[0].median_gap_days, 4);
  const Sequel always = sequels.Of(*snapshot->item_of(3));
  EXPECT_EQ(always.after, 10);
  EXPECT_EQ(always.before, 10);
}

TEST(SequelsTest, TheTillIsNoCustomer) {
  ShopIndex index;
  for (const int64_t sku : {1, 2}) index.PutProduct(sku, {});
  for (int64_t id = 1; id <= 200; ++id) {
    index.PutBasket({id, 7, static_cast<int32_t>(id), "", "", {id % 2 + 1}});
  }
  // Neither is a guest, however few the baskets.
  index::Customer guest;
  guest.guest = true;
  index.PutCustomer(8, guest);
  for (int64_t id = 201; id <= 204; ++id) {
    index.PutBasket({id, 8, static_cast<int32_t>(id), "", "", {id % 2 + 1}});
  }
  const auto snapshot = index.Publish();
  const Sequels sequels(*snapshot, index::Select(*snapshot, {}), *snapshot->item_of(1), 7);
  EXPECT_EQ(sequels.buyers(), 0);
  EXPECT_THAT(sequels.Best(ProductOffers(*snapshot, {}), 10), IsEmpty());
}

}  // namespace
}  // namespace clustr::scoring
