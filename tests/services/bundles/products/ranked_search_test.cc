// What RecommendTrained does with a ranker, for a shop with more products than are ranked.

#include <algorithm>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "services/bundles/index/queries.h"
#include "services/bundles/index/shop_index.h"
#include "services/bundles/products/trained_search.h"
#include "tests/services/bundles/products/random_model.h"
#include "tests/services/bundles/products/ranker/random_ranker.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::products {
namespace {

using scoring::ProductQuery;

// Everything scored by ProductScorer, sorted, and then filtered.
std::vector<std::pair<double, int64_t>> PlainAnswer(const ServedModel& model,
                                                    const index::Snapshot& snapshot,
                                                    const ProductQuery& query,
                                                    std::vector<ProductNumber> basket) {
  std::sort(basket.begin(), basket.end());
  std::vector<float> scores;
  ProductScorer::Scratch scratch;
  model.completion().Score({basket, {}}, &scratch, &scores);
  std::vector<std::tuple<double, int64_t, int64_t>> offered;
  for (ProductNumber product = 0; product < scores.size(); ++product) {
    const std::optional<Item> item = snapshot.item_of(model.model().skus[product]);
    if (std::count(basket.begin(), basket.end(), product) > 0) continue;
    if (!snapshot.product(*item)->in_stock) continue;
    offered.emplace_back(-scores[product], -snapshot.live_count(*item), snapshot.sku_of(*item));
  }
  std::sort(offered.begin(), offered.end());
  if (offered.size() > query.limit) offered.resize(query.limit);
  std::vector<std::pair<double, int64_t>> answer;
  for (const auto& [score, count, sku] : offered) answer.emplace_back(-score, sku);
  return answer;
}

TEST(RankedSearchTest, AgreesWithSortingAllProducts) {
  ForEachSeed(30, [](uint64_t seed) {
    RandomModel random(seed);
    const auto size = static_cast<size_t>(random.Number(100, 400));
    ProductModel plain = random.Model(size);
    plain.completion.ranker = RandomRanker(&random, size);
    ASSERT_TRUE(ValidateModel(plain));
    const ServedModel model(std::move(plain));
    index::ShopIndex shop;
    const int64_t sold_out = random.Number(1, 100);  // Per cent of the products.
    for (const int64_t sku : model.model().skus) {
      index::Product product;
      product.in_stock = random.Number(1, 100) > sold_out;
      shop.PutProduct(sku, product);
    }
    for (int64_t id = 1; id <= 30; ++id) {
      const auto sku = model.model().skus[static_cast<size_t>(random.Number(0, 99))];
      shop.PutBasket({id, 7, 1, "", "", {sku}});
    }
    const auto snapshot = shop.Publish();
    const index::Selection all = Select(*snapshot, {});
    for (int repeat = 0; repeat < 5; ++repeat) {
      std::vector<ProductNumber> basket = {static_cast<ProductNumber>(random.Number(0, 49)),
                                           static_cast<ProductNumber>(random.Number(50, 99))};
      ProductQuery query;
      for (const ProductNumber product : basket) {
        query.basket.push_back(*snapshot->item_of(model.model().skus[product]));
      }
      query.limit = static_cast<size_t>(random.Number(1, 200));
      const auto got = RecommendTrained(model, *snapshot, all, {}, query);
      ASSERT_TRUE(got.has_value());
      const auto expected = PlainAnswer(model, *snapshot, query, basket);
      ASSERT_EQ(got->size(), expected.size());
      for (size_t i = 0; i < got->size(); ++i) {
        EXPECT_EQ((*got)[i].score, expected[i].first) << i;
        EXPECT_EQ(snapshot->sku_of((*got)[i].item), expected[i].second) << i;
      }
    }
  });
}

}  // namespace
}  // namespace clustr::products
