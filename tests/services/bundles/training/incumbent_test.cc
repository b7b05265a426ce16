#include "services/bundles/training/incumbent.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tests/services/bundles/products/random_model.h"
#include "tests/services/bundles/products/ranker/random_ranker.h"
#include "tests/services/bundles/training/training_shop.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::training {
namespace {

using index::Basket;
using products::ProductModel;

absl::Status Always() { return absl::OkStatus(); }
void Ignore(const char*, int) {}

TEST(IncumbentTest, RenumberedModelHasTheSameLinksBetweenTheSameProducts) {
  ForEachSeed(20, [](uint64_t seed) {
    products::RandomModel random(seed);
    ProductModel model = random.Model(8, 10);
    model.completion.ranker = products::RandomRanker(&random, 8);
    model.next_basket.ranker = products::RandomLine(&random, 8);
    std::vector<int64_t> skus;
    for (int64_t sku = 8; sku < 40; ++sku) {
      if (random.Number(0, 2) > 0) skus.push_back(sku);
    }
    const ProductModel renumbered = Renumber(model, skus);
    ASSERT_TRUE(products::ValidateModel(renumbered));
    const auto old_of = [&](ProductNumber number) -> int {
      for (size_t old = 0; old < model.skus.size(); ++old) {
        if (model.skus[old] == skus[number]) return static_cast<int>(old);
      }
      return -1;
    };
    for (ProductNumber a = 0; a < skus.size(); ++a) {
      const int old_a = old_of(a);
      EXPECT_EQ(renumbered.counts[a], old_a < 0 ? 0 : model.counts[old_a]);
      if (products::UsesAgain(model) && old_a >= 0) {
        EXPECT_EQ(renumbered.again[a], model.again[old_a]);
      }
      EXPECT_EQ(renumbered.completion.ranker->times[a],
                old_a < 0 ? products::ProductTimes() : model.completion.ranker->times[old_a]);
      for (ProductNumber b = 0; b < skus.size(); ++b) {
        const int old_b = old_of(b);
        EXPECT_EQ(
            renumbered.completion.basket_links.WeightOf(a, b),
            old_a < 0 || old_b < 0 ? 0 : model.completion.basket_links.WeightOf(old_a, old_b));
        EXPECT_EQ(renumbered.completion.ranker->confidence.WeightOf(a, b),
                  old_a < 0 || old_b < 0
                      ? 0
                      : model.completion.ranker->confidence.WeightOf(old_a, old_b));
      }
    }
  });
}

absl::StatusOr<Comparison> CompareAfter(const std::vector<Basket>& known,
                                        const std::vector<Basket>& all) {
  const auto incumbent = TrainProducts(ReadBaskets(known), {}, Always, Ignore);
  const Purchases purchases = ReadBaskets(all);
  const auto trained = TrainProducts(purchases, {}, Always, Ignore);
  if (!incumbent.ok()) return incumbent.status();
  if (!trained.ok()) return trained.status();
  return CompareWithIncumbent(purchases, *trained, incumbent->model, {}, Always);
}

TEST(IncumbentTest, ModelThatKnowsNewGroupsOfProductsWins) {
  std::vector<Basket> known = StructuredBaskets(1, 1'000, 50, 40, 30);
  std::vector<Basket> all = known;
  for (Basket basket : StructuredBaskets(2, 1'000, 50, 40, 30)) {
    basket.transaction_id += 1'000;
    basket.epoch_day += 50;
    // From now on the customers buy products that the incumbent has never seen.
    for (int64_t& sku : basket.product_skus) sku += 100;
    all.push_back(std::move(basket));
  }
  const auto comparison = CompareAfter(known, all);
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  EXPECT_EQ(comparison->first_day, kFirstDay + 80) << "the evaluation period begins later";
  EXPECT_TRUE(comparison->challenger_wins());
}

TEST(IncumbentTest, NothingIsDecidedWithoutUnseenDays) {
  const std::vector<Basket> baskets = StructuredBaskets(1, 1'000, 50, 40, 30);
  const auto comparison = CompareAfter(baskets, baskets);
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  EXPECT_EQ(comparison->case_count, 0u);
  EXPECT_FALSE(comparison->challenger_wins());
}

}  // namespace
}  // namespace clustr::training
