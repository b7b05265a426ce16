#include "services/bundles/training/bundles/train_bundles.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "services/bundles/training/bundles/fit_rates.h"
#include "tests/services/bundles/training/training_shop.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::training {
namespace {

using index::Basket;

absl::Status Always() { return absl::OkStatus(); }

// A shop of `days` days. The pairs (1, 2), (3, 4), ... sell with rates of their own, the earlier
// ones in the first half and others in the second half, among single purchases of 40 products.
std::vector<Basket> SeasonalBaskets(uint64_t seed, int days) {
  std::mt19937_64 random(seed);
  std::vector<Basket> baskets;
  const auto add = [&](int32_t day, std::vector<int64_t> skus) {
    const auto id = static_cast<int64_t>(baskets.size()) + 1;
    baskets.push_back({id, id % 50 + 1, kFirstDay + day, "", "", std::move(skus)});
  };
  for (int32_t day = 0; day < days; ++day) {
    for (int i = 0; i < 12; ++i) add(day, {static_cast<int64_t>(1 + random() % 80)});
    for (int64_t pair = 0; pair < 40; ++pair) {
      const bool is_old = pair % 2 == 0;
      const bool sells = is_old == (day < days / 2);
      if (random() % 100 < static_cast<uint64_t>(sells ? pair : 1)) {
        add(day, {2 * pair + 1, 2 * pair + 2});
      }
    }
  }
  return baskets;
}

absl::StatusOr<TrainedBundles> Train(const std::vector<Basket>& baskets, int days) {
  return TrainBundles(ReadBaskets(baskets), kFirstDay + days * 16 / 25, kFirstDay + days * 4 / 5,
                      {}, Always);
}

const BundleMeasures& Of(const TrainedBundles& trained, const std::string& name) {
  const auto it = std::find_if(trained.methods.begin(), trained.methods.end(),
                               [&](const MeasuredBundles& one) { return one.name == name; });
  EXPECT_NE(it, trained.methods.end()) << name;
  return it->measures;
}

TEST(TrainBundlesTest, FollowsTheSeasonsWhereTheHeuristicDoesNot) {
  const auto trained = Train(SeasonalBaskets(1, 100), 100);
  ASSERT_TRUE(trained.ok()) << trained.status();
  EXPECT_EQ(trained->champion, kRates);
  ASSERT_TRUE(trained->model.has_value());
  EXPECT_TRUE(bundle_model::ValidateModel(*trained->model));
  EXPECT_EQ(trained->model->horizon_days, 20);
  EXPECT_GT(trained->model->shape.half_life_days, 0);
  const BundleMeasures& rates = Of(*trained, kRates);
  const BundleMeasures& heuristic = Of(*trained, kHeuristicMethod);
  EXPECT_GT(rates.ndcg.value, 1.2 * heuristic.ndcg.value);
  EXPECT_GT(rates.average_precision.value, heuristic.average_precision.value);
  EXPECT_LT(rates.brier.value, heuristic.brier.value);
  EXPECT_GT(rates.ndcg.standard_error, 0);
}

TEST(TrainBundlesTest, SameBasketsGiveTheSameModelInAnyOrder) {
  std::vector<Basket> baskets = SeasonalBaskets(2, 60);
  const auto first = Train(baskets, 60);
  std::mt19937_64 random(3);
  std::shuffle(baskets.begin(), baskets.end(), random);
  const auto second = Train(baskets, 60);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->champion, second->champion);
  EXPECT_EQ(first->model, second->model);
  EXPECT_EQ(Of(*first, kRates).ndcg, Of(*second, kRates).ndcg);
}

// What is predicted for the evaluation period, in the order of the cases.
BundlePredictions PredictionsOf(const std::vector<Basket>& baskets, int32_t inner_day,
                                int32_t split_day) {
  const Purchases purchases = ReadBaskets(baskets);
  const size_t split = purchases.CountBefore(split_day);
  const auto inner = FindBundleCases(purchases, purchases.CountBefore(inner_day), split,
                                     split_day - inner_day, {}, Always);
  const RateChoice choice = *ChooseRates(*inner, Always);
  const auto outer = FindBundleCases(purchases, split, purchases.size(), 20, {}, Always);
  return Predict(FitRates(*inner, choice), choice.half_life, *outer);
}

TEST(TrainBundlesTest, ShuffledFutureGivesIdenticalPredictions) {
  std::vector<Basket> baskets = SeasonalBaskets(5, 100);
  const BundlePredictions before = PredictionsOf(baskets, kFirstDay + 64, kFirstDay + 80);
  std::vector<Basket*> future;
  for (Basket& basket : baskets) {
    if (basket.epoch_day >= kFirstDay + 80) future.push_back(&basket);
  }
  std::mt19937_64 random(7);
  for (size_t i = future.size(); i > 1; --i) {
    std::swap(future[i - 1]->product_skus, future[random() % i]->product_skus);
    future[i - 1]->product_skus.push_back(static_cast<int64_t>(1 + random() % 80));
  }
  const BundlePredictions after = PredictionsOf(baskets, kFirstDay + 64, kFirstDay + 80);
  ASSERT_GT(before.scores.size(), 30u);
  EXPECT_EQ(before.scores, after.scores);
  EXPECT_EQ(before.probabilities, after.probabilities);
}

// The sum of NDCG and average precision of a choice, by the measures.
double QualityOf(const RateChoice& choice, const BundleCases& cases) {
  bundle_model::BundleModel model = {.horizon_days = cases.period_days};
  model.shape = {kHalfLives[choice.half_life], choice.recent_power, choice.demand_power};
  model.chance_weight = choice.chance_weight;
  const BundleMeasures measured =
      MeasureBundles(cases, Predict(model, choice.half_life, cases).scores, {});
  return measured.ndcg.value + measured.average_precision.value;
}

TEST(ChooseRatesTest, TakesTheBestChoiceUnlessSupportIsAsGood) {
  ForEachSeed(5, [](uint64_t seed) {
    const Purchases purchases = ReadBaskets(SeasonalBaskets(seed, 60));
    const size_t split = purchases.CountBefore(kFirstDay + 48);
    const auto cases = FindBundleCases(purchases, split, purchases.size(), 12, {}, Always);
    ASSERT_TRUE(cases.ok());
    const RateChoice chosen = *ChooseRates(*cases, Always);
    const std::vector<RateChoice> choices = RateChoices();
    EXPECT_EQ(choices[0].chance_weight, 0);
    const double support = QualityOf(choices[0], *cases);
    std::vector<double> scores;
    for (const BundleCase& one : cases->cases) scores.push_back(one.count);
    const BundleMeasures by_count = MeasureBundles(*cases, scores, {});
    EXPECT_EQ(support, by_count.ndcg.value + by_count.average_precision.value);
    if (chosen == choices[0]) return;
    for (const RateChoice& choice : choices) {
      EXPECT_LE(QualityOf(choice, *cases), QualityOf(chosen, *cases));
    }
  });
}

// Without one season after another, support ranks as well as anything, and serves.
TEST(ChooseRatesTest, KeepsToSupportWhereNothingIsClearlyBetter) {
  std::mt19937_64 random(1);
  std::vector<Basket> baskets;
  for (int64_t id = 1; id <= 3'000; ++id) {
    const auto pair = static_cast<int64_t>(random() % 40);
    baskets.push_back({id,
                       id % 50 + 1,
                       kFirstDay + static_cast<int32_t>(id / 50),
                       "",
                       "",
                       {2 * pair + 1, 2 * pair + 2}});
  }
  const Purchases purchases = ReadBaskets(baskets);
  const auto cases = FindBundleCases(purchases, purchases.CountBefore(kFirstDay + 48),
                                     purchases.size(), 12, {}, Always);
  ASSERT_TRUE(cases.ok());
  EXPECT_EQ(*ChooseRates(*cases, Always), RateChoices()[0]);
}

TEST(FitRatesTest, ExpectedPurchasesAddUpToThoseOfThePeriod) {
  const Purchases purchases = ReadBaskets(SeasonalBaskets(1, 60));
  const auto cases = FindBundleCases(purchases, purchases.CountBefore(kFirstDay + 48),
                                     purchases.size(), 12, {}, Always);
  ASSERT_TRUE(cases.ok());
  for (const RateChoice& choice : RateChoices()) {
    const bundle_model::BundleModel model = FitRates(*cases, choice);
    double expected = 0;
    double bought = 0;
    for (const BundleCase& one : cases->cases) {
      expected += model.Expected(cases->EvidenceOf(one, choice.half_life));
      for (const uint32_t count : one.later) bought += count;
    }
    EXPECT_NEAR(expected, bought, 1e-6 * bought);
  }
}

TEST(TrainBundlesTest, ShopsWithoutBundlesKeepTheHeuristic) {
  std::vector<Basket> singles = StructuredBaskets(1, 300, 50, 40, 20);
  for (Basket& basket : singles) basket.product_skus.resize(1);
  const auto trained = Train(singles, 50);
  ASSERT_TRUE(trained.ok());
  EXPECT_EQ(trained->champion, kHeuristicMethod);
  EXPECT_FALSE(trained->model.has_value());
  EXPECT_EQ(trained->case_count, 0u);
  EXPECT_TRUE(trained->methods.empty());
}

TEST(TrainBundlesTest, OddShopsGiveValidModels) {
  const auto check = [](const char* what, const std::vector<Basket>& baskets) {
    const auto trained = Train(baskets, 30);
    ASSERT_TRUE(trained.ok()) << what << ": " << trained.status();
    EXPECT_TRUE(!trained->model || bundle_model::ValidateModel(*trained->model)) << what;
    for (const MeasuredBundles& one : trained->methods) {
      EXPECT_TRUE(std::isfinite(one.measures.ndcg.value)) << what << " " << one.name;
      EXPECT_TRUE(std::isfinite(one.measures.brier.value)) << what << " " << one.name;
    }
  };
  check("two products", StructuredBaskets(1, 300, 30, 2, 20));
  check("one product", StructuredBaskets(1, 300, 30, 1, 20));
  check("one day", StructuredBaskets(1, 300, 1, 20, 20));
  check("no baskets after the split", StructuredBaskets(1, 300, 20, 20, 20));
  std::vector<Basket> equal = StructuredBaskets(1, 300, 30, 40, 20);
  for (Basket& basket : equal) basket.product_skus = {1, 2, 3, 4, 5, 6, 7, 8};
  check("equal baskets", equal);
  std::vector<Basket> huge = StructuredBaskets(1, 300, 30, 40, 20);
  for (int64_t sku = 1; sku <= 10'000; ++sku) huge[100].product_skus.push_back(sku);
  check("a basket of 10,000 products", huge);
}

TEST(TrainBundlesTest, EndsWhenItIsNoLongerWanted) {
  const auto trained =
      TrainBundles(ReadBaskets(SeasonalBaskets(1, 60)), kFirstDay + 38, kFirstDay + 48, {},
                   [] { return absl::CancelledError("enough"); });
  EXPECT_TRUE(absl::IsCancelled(trained.status()));
}

TEST(CalibrateTest, FindsTheParametersThatTheDataWereDrawnWith) {
  ForEachSeed(5, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> uniform(0, 1);
    const double offset = 2 * uniform(random) - 1;
    const double slope = 0.4 + uniform(random);
    const double chance_slope = 0.5 * uniform(random);
    std::vector<double> expected;
    std::vector<double> by_chance;
    std::vector<bool> again;
    for (int i = 0; i < 20'000; ++i) {
      expected.push_back(std::exp(6 * uniform(random) - 4));
      by_chance.push_back(std::exp(4 * uniform(random) - 3));
      const double rate = std::exp(offset) * std::pow(expected.back(), slope) *
                          std::pow(by_chance.back(), chance_slope);
      again.push_back(uniform(random) < 1 - std::exp(-rate));
    }
    const Calibration fit = Calibrate(expected, by_chance, again);
    EXPECT_NEAR(fit.offset, offset, 0.1);
    EXPECT_NEAR(fit.slope, slope, 0.1);
    EXPECT_NEAR(fit.chance_slope, chance_slope, 0.1);
  });
}

TEST(CalibrateTest, StaysFiniteWhereAllHaveTheSameFate) {
  const std::vector<double> expected = {0, 1e-9, 0.5, 1, 40, 1e6};
  for (const bool fate : {false, true}) {
    const Calibration fit = Calibrate(expected, expected, std::vector<bool>(expected.size(), fate));
    EXPECT_TRUE(std::isfinite(fit.offset) && std::isfinite(fit.slope) &&
                std::isfinite(fit.chance_slope));
    EXPECT_GT(fit.slope, 0);
    EXPECT_TRUE(std::isfinite(fit.log_likelihood));
  }
  EXPECT_EQ(Calibrate({}, {}, {}).slope, 1);
}

// Scoring with the expected curvature oscillated here, and predicted 0.97 where 0.70 was true.
TEST(CalibrateTest, ConvergesWhereBundlesThatSoldOftenAreNeverBoughtAgain) {
  std::vector<double> expected;
  std::vector<bool> again;
  for (int i = 0; i < 1'000; ++i) {
    expected.push_back(10 + i % 100);
    again.push_back(i % 10 < 7);
  }
  const Calibration fit = Calibrate(expected, std::vector<double>(1'000, 1), again);
  double mean = 0;
  for (const double count : expected) {
    mean += (1 - std::exp(-std::exp(fit.offset) * std::pow(count, fit.slope))) / 1'000;
  }
  EXPECT_NEAR(mean, 0.7, 0.01);
}

}  // namespace
}  // namespace clustr::training
