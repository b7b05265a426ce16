#include "services/bundles/scoring/product_search.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/index/queries.h"
#include "services/bundles/index/shop_index.h"
#include "tests/services/bundles/index/model_shop.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::scoring {
namespace {

using index::CoCounts;
using index::ModelShop;
using index::Population;
using index::Product;
using index::RandomShop;
using index::Selection;
using index::ShopIndex;
using index::Snapshot;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using SkuSet = ModelShop::SkuSet;

struct Expected {
  double score;
  double count;
  int64_t sku;
  std::vector<int64_t> because;
};

std::vector<Expected> BruteForce(const ModelShop& model, const Population& population,
                                 const ProductQuery& query, const SkuSet& basket,
                                 const SkuSet& excluded) {
  const std::map<int64_t, SkuSet> baskets = model.Select(population);
  const auto count = [&](const SkuSet& skus) {
    return static_cast<double>(ModelShop::Count(baskets, skus));
  };
  const auto among = [](const std::vector<std::string>& list, const std::string& text) {
    return list.empty() || std::count(list.begin(), list.end(), text) > 0;
  };
  std::vector<Expected> found;
  for (const auto& [sku, product] : model.products) {
    if (excluded.contains(sku) || (basket.contains(sku) && !query.basket_is_history)) continue;
    if (query.products.in_stock_only && !product.in_stock) continue;
    if (!among(query.products.categories, product.category)) continue;
    if (!among(query.products.brands, product.brand)) continue;
    if (query.min_price_cents && product.price_cents < *query.min_price_cents) continue;
    if (query.max_price_cents && product.price_cents > *query.max_price_cents) continue;
    if (query.min_margin_ratio) {
      if (!product.unit_cost_cents) continue;
      const double margin = static_cast<double>(product.price_cents - *product.unit_cost_cents);
      const double ratio = product.price_cents == 0 ? 0 : margin / product.price_cents;
      if (ratio < *query.min_margin_ratio) continue;
    }
    std::vector<std::pair<double, int64_t>> reasons;  // Negated, so that the best sorts first.
    for (int64_t b : basket) {
      if (b != sku && count({b, sku}) > 0) reasons.emplace_back(-count({b, sku}) / count({b}), b);
    }
    std::sort(reasons.begin(), reasons.end());
    Expected expected = {reasons.empty() ? 0 : -reasons[0].first, count({sku}), sku, {}};
    if (basket.empty() && !baskets.empty()) {
      expected.score = expected.count / static_cast<double>(baskets.size());
    }
    for (size_t i = 0; i < std::min<size_t>(3, reasons.size()); ++i) {
      expected.because.push_back(reasons[i].second);
    }
    found.push_back(expected);
  }
  std::sort(found.begin(), found.end(), [](const Expected& a, const Expected& b) {
    return std::make_tuple(-a.score, -a.count, a.sku) < std::make_tuple(-b.score, -b.count, b.sku);
  });
  if (found.size() > query.limit) found.resize(query.limit);
  return found;
}

std::vector<ScoredProduct> Recommend(const Snapshot& snapshot, const Population& population,
                                     const ProductQuery& query, CoCounts& co_counts) {
  const Selection selection = Select(snapshot, population);
  const std::vector<uint32_t> counts =
      selection.everything ? std::vector<uint32_t>() : CountItems(snapshot, selection);
  return RecommendProducts(snapshot, selection, counts, query, co_counts);
}

std::vector<int64_t> Skus(const Snapshot& snapshot, const std::vector<ScoredProduct>& products) {
  std::vector<int64_t> skus;
  for (const ScoredProduct& product : products) skus.push_back(snapshot.sku_of(product.item));
  return skus;
}

TEST(RecommendProductsTest, EqualsBruteForceUnderAnyConstraints) {
  ForEachSeed(100, [&](uint64_t seed) {
    RandomShop random(seed);
    ShopIndex index;
    ModelShop model;
    CoCounts co_counts(1 << 20, random.Number(0, 1) * random.Number(1, 20));
    for (int round = 0; round < 3; ++round) {
      for (int step = 0; step < 200; ++step) random.Change(model, index, 150, 40);
      for (int n = 0; n < 10; ++n) {
        model.Put(index, 1000 - random.Number(0, 60), random.MakeProduct());
      }
      const auto snapshot = index.Publish();
      const Population population = random.OneIn(2) ? Population() : random.MakePopulation();
      ProductQuery query;
      query.basket_is_history = random.OneIn(3);
      query.limit = random.Number(1, 30);
      query.products.in_stock_only = random.OneIn(2);
      if (random.OneIn(4)) query.min_price_cents = random.Number(0, 300);
      if (random.OneIn(4)) query.max_price_cents = random.Number(200, 500);
      if (random.OneIn(4)) query.min_margin_ratio = 0.1 * random.Number(-20, 5);
      if (random.OneIn(4)) query.products.categories = {"category0", "", "category1"};
      if (random.OneIn(4)) query.products.brands = {"brand0", "brand2"};
      SkuSet basket;
      SkuSet excluded;
      for (int64_t k = random.Number(0, 5); k > 0; --k) {
        const int64_t sku = random.Sku(40);
        if (auto item = snapshot->item_of(sku)) {
          basket.insert(sku);
          query.basket.push_back(*item);
        }
      }
      if (random.OneIn(3)) {
        excluded.insert(1000);
        if (auto item = snapshot->item_of(1000)) query.products.excluded.push_back(*item);
      }

      const std::vector<Expected> expected = BruteForce(model, population, query, basket, excluded);
      const std::vector<ScoredProduct> products =
          Recommend(*snapshot, population, query, co_counts);
      ASSERT_EQ(products.size(), expected.size());
      EXPECT_EQ(CountProducts(*snapshot, query), expected.size());
      for (size_t i = 0; i < expected.size(); ++i) {
        ASSERT_EQ(snapshot->sku_of(products[i].item), expected[i].sku) << i;
        EXPECT_EQ(products[i].score, expected[i].score);
        std::vector<int64_t> because;
        for (Item item : products[i].because) because.push_back(snapshot->sku_of(item));
        EXPECT_EQ(because, expected[i].because);
      }
    }
  });
}

// Baskets {1,2}, {1,2}, {1,3}, {2,4}, {5}, {5}. Product 6 is known to catalog but was never sold; 7
// is not known either.
class HandComputedTest : public testing::Test {
 protected:
  HandComputedTest() {
    const std::vector<std::vector<int64_t>> baskets = {{1, 2}, {1, 2}, {1, 3}, {2, 4}, {5}, {5}};
    for (size_t i = 0; i < baskets.size(); ++i) {
      index_.PutBasket({static_cast<int64_t>(i) + 1, 1, 0, "", "", baskets[i]});
    }
    for (int64_t sku = 6; sku >= 1; --sku) index_.PutProduct(sku, Product());
  }

  std::vector<ScoredProduct> Complete(const Snapshot& snapshot, const std::vector<int64_t>& skus,
                                      bool history = false) {
    ProductQuery query;
    for (int64_t sku : skus) query.basket.push_back(snapshot.item_of(sku).value());
    query.basket_is_history = history;
    return Recommend(snapshot, {}, query, co_counts_);
  }

  ShopIndex index_;
  CoCounts co_counts_;
};

TEST_F(HandComputedTest, OrdersByTheBestConfidenceThenByCountThenBySku) {
  const auto snapshot = index_.Publish();
  const std::vector<ScoredProduct> products = Complete(*snapshot, {1});
  // 2 scores 2/3 and 3 scores 1/3; then, with score 0, come 5 (2 baskets), 4 (1 basket) and 6
  // (none).
  EXPECT_THAT(Skus(*snapshot, products), ElementsAre(2, 3, 5, 4, 6));
  EXPECT_EQ(products[0].score, 2.0 / 3);
  EXPECT_EQ(products[1].score, 1.0 / 3);
  EXPECT_EQ(products[2].score, 0);
  EXPECT_THAT(products[0].because, ElementsAre(*snapshot->item_of(1)));
  EXPECT_THAT(products[2].because, IsEmpty());
}

TEST_F(HandComputedTest, EmptyBasketGetsTheBestSellers) {
  const auto snapshot = index_.Publish();
  const std::vector<ScoredProduct> products = Complete(*snapshot, {});
  EXPECT_THAT(Skus(*snapshot, products), ElementsAre(1, 2, 5, 3, 4, 6));
  EXPECT_EQ(products[0].score, 0.5);
  EXPECT_EQ(products[5].score, 0);
}

TEST_F(HandComputedTest, HistoryMayBeRecommendedAgain) {
  const auto snapshot = index_.Publish();
  EXPECT_THAT(Skus(*snapshot, Complete(*snapshot, {1, 2})), ElementsAre(3, 4, 5, 6));
  EXPECT_THAT(Skus(*snapshot, Complete(*snapshot, {1, 2}, true)), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(HandComputedTest, DeletedAndOutOfStockProductsDisappear) {
  index_.RemoveProduct(2);
  Product sold_out;
  sold_out.in_stock = false;
  index_.PutProduct(3, sold_out);
  const auto snapshot = index_.Publish();
  EXPECT_THAT(Skus(*snapshot, Complete(*snapshot, {1})), ElementsAre(5, 4, 6));
}

TEST_F(HandComputedTest, EmptyPopulationStillGetsKnownProducts) {
  const auto snapshot = index_.Publish();
  Population population;
  population.channels = {"nowhere"};
  const std::vector<ScoredProduct> products =
      Recommend(*snapshot, population, ProductQuery(), co_counts_);
  EXPECT_THAT(Skus(*snapshot, products), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_EQ(products[0].score, 0);
}

}  // namespace
}  // namespace clustr::scoring
