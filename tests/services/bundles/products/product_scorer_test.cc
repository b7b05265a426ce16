#include "services/bundles/products/product_scorer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/products/ranker/ranker_features.h"
#include "services/bundles/products/ranker/ranking.h"
#include "tests/services/bundles/products/random_model.h"
#include "tests/services/bundles/products/ranker/random_ranker.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::products {
namespace {

using ::testing::ElementsAre;

// The score of every product by the formula of TaskModel, in doubles.
std::vector<double> PlainScores(const ProductModel& model, const TaskModel& task,
                                const std::vector<ProductNumber>& basket,
                                const std::map<ProductNumber, double>& own) {
  const size_t size = model.skus.size();
  const TaskWeights& w = task.weights;
  std::vector<double> factor(size);
  for (size_t p = 0; p < size; ++p) {
    factor[p] = std::pow(model.recent[p] + 1.0, w.recent_exponent) *
                std::pow(model.counts[p] + 5.0, -w.count_exponent);
  }
  double peak = 0;
  std::vector<double> own_part(size);
  for (const auto& [p, times] : own) {
    own_part[p] = w.own * std::pow(times, w.own_exponent) * factor[p];
    if (w.again_exponent != 0) own_part[p] *= std::pow(model.again[p], w.again_exponent);
    peak = std::max(peak, own_part[p]);
  }
  if (peak == 0 || !basket.empty()) peak = 1;
  std::vector<double> similar(size);
  for (size_t p = 0; p < size; ++p) {
    for (const auto& [from, times] : own) similar[p] += task.history_links.WeightOf(from, p);
  }
  const double most_similar = std::max(0.0, *std::max_element(similar.begin(), similar.end()));
  const double most_recent = *std::max_element(model.recent.begin(), model.recent.end());
  const double most_common = *std::max_element(model.counts.begin(), model.counts.end());
  std::vector<double> scores(size);
  for (size_t p = 0; p < size; ++p) {
    double links = 0;
    for (const ProductNumber from : basket) {
      const double weight = task.basket_links.WeightOf(from, p);
      links = task.takes_maximum ? std::max(links, weight) : links + weight;
    }
    scores[p] = links * factor[p] + own_part[p];
    if (most_similar > 0) scores[p] += peak * w.similar * similar[p] / most_similar;
    if (most_recent > 0) scores[p] += peak * w.popular * model.recent[p] / most_recent;
    if (most_common > 0) scores[p] += peak * w.common * model.counts[p] / most_common;
  }
  return scores;
}

TEST(ProductScorerTest, AgreesWithTheFormulaInDoubles) {
  ForEachSeed(50, [](uint64_t seed) {
    RandomModel random(seed);
    const ProductModel model = random.Model(random.Number(1, 30));
    ASSERT_TRUE(ValidateModel(model));
    const TaskModel& task = random.Number(0, 1) == 0 ? model.completion : model.next_basket;
    const ProductScorer scorer(model, task);
    ProductScorer::Scratch scratch;
    for (int repeat = 0; repeat < 10; ++repeat) {
      std::vector<ProductNumber> basket;
      std::map<ProductNumber, double> own;
      for (ProductNumber p = 0; p < model.skus.size(); ++p) {
        if (random.Number(0, 4) == 0) basket.push_back(p);
        if (random.Number(0, 4) == 0) own[p] = static_cast<float>(random.Real(0.1, 5));
      }
      std::vector<OwnProduct> history;
      for (const auto& [p, times] : own) history.push_back({p, static_cast<float>(times)});
      std::vector<float> scores;
      scorer.Score({basket, history}, &scratch, &scores);
      const std::vector<double> expected = PlainScores(model, task, basket, own);
      ASSERT_EQ(scores.size(), expected.size());
      for (size_t p = 0; p < scores.size(); ++p) {
        ASSERT_NEAR(scores[p], expected[p], 1e-5 * (1 + std::abs(expected[p]))) << "product " << p;
      }
    }
  });
}

// Products enough that not all of them are ranked.
TEST(ProductScorerTest, RankedProductsScoreTheirEstimateAndTheOthersStayBelow) {
  ForEachSeed(10, [](uint64_t seed) {
    RandomModel random(seed);
    const auto size = static_cast<size_t>(random.Number(1, 250));
    ProductModel model = random.Model(size);
    TaskModel& task = model.completion;
    task.ranker = RandomRanker(&random, size);
    ASSERT_TRUE(ValidateModel(model));
    const ProductScorer scorer(model, task);
    ProductScorer::Scratch scratch;
    const std::vector<ProductNumber> basket = {0};
    std::vector<float> plain;
    scorer.ScoreByFormula({basket, {}}, &scratch, &plain);
    std::vector<float> scores;
    scorer.Score({basket, {}}, &scratch, &scores);
    std::vector<ProductNumber> candidates;
    CandidateChooser().Choose(plain, basket, kRankedProducts, &candidates);
    double lowest = 1;
    for (const ProductNumber product : candidates) {
      FeatureTable table;
      FeatureMaker::Scratch memory;
      FeatureMaker(model, task).Make({basket, {}, plain, {&product, 1}}, &memory, &table);
      std::vector<float> features;
      table.AppendRow(0, &features);
      std::vector<float> sums;
      SumTrees(task.ranker->trees, features, kRankerFeatureCount, &sums);
      EXPECT_NEAR(scores[product], 1 / (1 + std::exp(-sums[0])), 1e-6);
      lowest = std::min<double>(lowest, scores[product]);
    }
    for (ProductNumber p = 0; p < size; ++p) {
      if (std::count(candidates.begin(), candidates.end(), p) > 0) continue;
      if (plain[p] <= 0) {
        EXPECT_EQ(scores[p], plain[p]);
      } else if (p != 0) {
        EXPECT_LE(scores[p], lowest * (1 + 1e-6));
      }
      if (!candidates.empty() && plain[p] > 0) {
        EXPECT_NEAR(scores[p], plain[p] * lowest / plain[candidates.back()],
                    1e-5 * (1 + plain[p]));
      }
    }
  });
}

TEST(ProductScorerTest, PurchaseCountsHalfAfterTheHalfLife) {
  EXPECT_EQ(DecayOf(30, 30), 0.5f);
  EXPECT_EQ(DecayOf(60, 30), 0.25f);
  EXPECT_EQ(DecayOf(60, 0), 1);
  EXPECT_EQ(DecayOf(-5, 30), 1);
}

TEST(ProductScorerTest, EntriesOfOneProductAreAddedUp) {
  const std::vector<OwnProduct> sums = SumByProduct({{4, 1}, {2, 0.5}, {4, 0.25}});
  ASSERT_EQ(sums.size(), 2u);
  EXPECT_EQ(sums[0].product, 2u);
  EXPECT_EQ(sums[1].product, 4u);
  EXPECT_EQ(sums[1].times, 1.25f);
}

TEST(ProductScorerTest, ModelWithoutProductsHasNoScores) {
  const ProductModel model;
  std::vector<float> scores = {1};
  ProductScorer::Scratch scratch;
  ProductScorer(model, model.completion).Score({}, &scratch, &scores);
  EXPECT_TRUE(scores.empty());
}

TEST(ProductLinksTest, StrongestLinksAreKeptInAscendingOrder) {
  ProductLinks links;
  AddStrongest({0.1f, -0.5f, 9, 0, 0.5f, 0.2f}, 2, 3, &links);
  EXPECT_THAT(links.row(0).targets, ElementsAre(1, 4, 5));
  EXPECT_THAT(links.row(0).weights, ElementsAre(-0.5f, 0.5f, 0.2f));
  EXPECT_EQ(links.WeightOf(0, 4), 0.5f);
  EXPECT_EQ(links.WeightOf(0, 3), 0);
  EXPECT_EQ(links.WeightOf(7, 3), 0);
}

TEST(ProductModelTest, InvalidNumbersAndLinksAreFound) {
  const ProductModel valid = RandomModel(1).Model(5);
  ASSERT_TRUE(ValidateModel(valid));
  ProductModel model = valid;
  model.counts.pop_back();
  EXPECT_FALSE(ValidateModel(model));
  model = valid;
  model.skus[1] = model.skus[0];
  EXPECT_FALSE(ValidateModel(model));
  model = valid;
  model.recent[0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_FALSE(ValidateModel(model));
  model = valid;
  model.next_basket.weights.popular = std::numeric_limits<double>::infinity();
  EXPECT_FALSE(ValidateModel(model));
  model = valid;
  model.completion.basket_links.AddRow({}, {});
  EXPECT_FALSE(ValidateModel(model));
  model = valid;
  model.completion.basket_links = ProductLinks();
  for (int i = 0; i < 5; ++i) model.completion.basket_links.AddRow({5}, {1});
  EXPECT_FALSE(ValidateModel(model)) << "there is no product 5";
}

TEST(ProductModelTest, ProbabilitiesOfBuyingAgainAreThereIfAndOnlyIfTheyAreUsed) {
  ProductModel model = RandomModel(1).Model(2);
  model.completion.weights.again_exponent = 0;
  model.next_basket.weights.again_exponent = 0.5;
  for (const auto& [again, is_valid] : {std::pair(std::vector<float>{0.1f, 1}, true),
                                        {{0.1f}, false},
                                        {{}, false},
                                        {{0, 1}, false},
                                        {{0.1f, 1.5f}, false}}) {
    model.again = again;
    EXPECT_EQ(ValidateModel(model), is_valid) << ::testing::PrintToString(again);
  }
  model.next_basket.weights.again_exponent = 0;
  model.again = {0.1f, 1};
  EXPECT_FALSE(ValidateModel(model));
  model.again = {};
  EXPECT_TRUE(ValidateModel(model));
}

}  // namespace
}  // namespace clustr::products
