#include "services/bundles/bundle_model/bundle_model.h"

#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "gtest/gtest.h"
#include "services/bundles/bundle_model/recency.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::bundle_model {
namespace {

double Between(std::mt19937_64& random, double min, double max) {
  return std::uniform_real_distribution<double>(min, max)(random);
}

BundleModel MakeModel(std::mt19937_64& random) {
  return {.horizon_days = static_cast<int32_t>(1 + random() % 100),
          .shape = {.half_life_days = Between(random, 0, 100),
                    .recent_power = random() % 3 == 0 ? 1 : Between(random, 0.1, 1),
                    .demand_power = random() % 3 == 0 ? 0 : Between(random, 0, 2)},
          .scale = Between(random, 0.1, 3),
          .chance_weight = random() % 3 == 0 ? 0 : Between(random, 0, 1),
          .prior_days = random() % 3 == 0 ? 0 : Between(random, 0, 30),
          .again_offset = Between(random, -2, 2),
          .again_slope = Between(random, 0.1, 2),
          .chance_slope = Between(random, -0.5, 1)};
}

TEST(BundleModelTest, AgreesWithItsDefinition) {
  ForEachSeed(200, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    const BundleModel model = MakeModel(random);
    const BundleEvidence e = {.recent = Between(random, 0, 50),
                              .chance = Between(random, 0, 20),
                              .days = Between(random, 1, 300),
                              .all = Between(random, 0, 90),
                              .all_chance = Between(random, 0, 30),
                              .all_days = Between(random, 1, 500),
                              .weakest = Between(random, 0, 90),
                              .share = Between(random, 0, 1)};
    const double a = model.shape.recent_power;
    const double scale = e.share * model.scale * model.horizon_days *
                         std::pow(28 * e.weakest / e.days, model.shape.demand_power);
    const auto purchases = [&](double recent_per_day, double all) {
      return scale * std::pow(recent_per_day, a) * std::pow(all / e.all_days, 1 - a);
    };
    const double expected = purchases(e.recent / e.days, e.all);
    const double by_chance = purchases(e.chance / e.days, e.all_chance);
    const double k = model.prior_days;
    const double likely = purchases((e.recent + k * e.chance / e.days) / (e.days + k), e.all);
    EXPECT_NEAR(model.Expected(e), expected, 1e-9 * (1 + expected));
    EXPECT_NEAR(model.ByChance(e), by_chance, 1e-9 * (1 + by_chance));
    EXPECT_NEAR(model.Likely(e), likely, 1e-9 * (1 + likely));
    EXPECT_NEAR(model.Score(e), expected - model.chance_weight * by_chance,
                1e-9 * (1 + expected + by_chance));
    EXPECT_EQ(model.Score(e), model.PurchasePart(e) + model.ChancePart(e));
    const double rate = std::exp(model.again_offset) *
                        std::pow(std::max(likely, 1e-6), model.again_slope) *
                        std::pow(std::max(by_chance, 1e-6), model.chance_slope);
    EXPECT_NEAR(model.Probability(e), 1 - std::exp(-rate), 1e-9);
  });
}

TEST(BundleModelTest, WithoutPowersTheScoreIsTheExcessOfRecentPurchases) {
  const BundleModel model = {.horizon_days = 30};
  const BundleEvidence evidence = {.recent = 8, .chance = 2, .days = 60, .all = 40, .weakest = 9};
  EXPECT_EQ(model.Score(evidence), 30 * (8.0 - 2) / 60);
}

TEST(BundleModelTest, MorePurchasesNeverMakeABundleWeaker) {
  ForEachSeed(100, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    const RateShape shape = MakeModel(random).shape;
    const double recent = Between(random, 0, 9);
    const double all = Between(random, 0, 9);
    const double weakest = Between(random, 0, 9);
    const double strength = StrengthOf(shape, recent, all, weakest);
    EXPECT_GE(StrengthOf(shape, recent + 1, all, weakest), strength);
    EXPECT_GE(StrengthOf(shape, recent, all + 1, weakest), strength);
    EXPECT_GE(StrengthOf(shape, recent, all, weakest + 1), strength);
  });
}

TEST(BundleModelTest, ProbabilityGrowsWithPurchasesAndTheHorizon) {
  BundleModel model = {.horizon_days = 28, .prior_days = 3, .again_slope = 0.8};
  double last = 0;
  for (double recent = 0; recent < 20; ++recent) {
    const double probability = model.Probability({.recent = recent, .chance = 0.1, .days = 60});
    EXPECT_GT(probability, last);
    EXPECT_LE(probability, 1);
    last = probability;
  }
  model.horizon_days = 14;
  EXPECT_LT(model.Probability({.recent = 19, .chance = 0.1, .days = 60}), last);
}

TEST(BundleModelTest, NeverSoldHasTheScoreZeroAndASmallProbability) {
  const BundleModel model;
  EXPECT_EQ(model.Score({}), 0);
  EXPECT_GT(model.Probability({}), 0);
  EXPECT_LT(model.Probability({}), 1e-5);
}

TEST(BundleModelTest, BytesAreReadBackAndAnyOthersRefused) {
  ForEachSeed(100, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    const BundleModel model = MakeModel(random);
    const std::string bytes = EncodeModel(model);
    EXPECT_EQ(DecodeModel(bytes), model);
    EXPECT_EQ(DecodeModel(bytes.substr(1)), std::nullopt);
    EXPECT_EQ(DecodeModel(bytes + "x"), std::nullopt);
    std::string changed = bytes;
    changed[random() % changed.size()] ^= static_cast<char>(1 << random() % 8);
    const auto decoded = DecodeModel(changed);
    EXPECT_TRUE(!decoded || ValidateModel(*decoded));
  });
  EXPECT_EQ(DecodeModel(""), std::nullopt);
}

TEST(BundleModelTest, BytesOfModelsWithoutPowersAreReadToo) {
  const BundleModel model = {.horizon_days = 20,
                             .shape = {.half_life_days = 14},
                             .prior_days = 3,
                             .again_offset = 0.5,
                             .again_slope = 0.7,
                             .chance_slope = 0.1};
  EXPECT_EQ(DecodeModel(EncodeModel(model).substr(0, 6 * sizeof(double))), model);
}

TEST(BundleModelTest, ValuesThatCannotBeServedAreInvalid) {
  EXPECT_TRUE(ValidateModel({}));
  EXPECT_FALSE(ValidateModel({.horizon_days = 0}));
  EXPECT_FALSE(ValidateModel({.shape = {.half_life_days = -1}}));
  EXPECT_FALSE(ValidateModel({.shape = {.recent_power = 0}}));
  EXPECT_FALSE(ValidateModel({.shape = {.recent_power = 1.5}}));
  EXPECT_FALSE(ValidateModel({.shape = {.demand_power = -0.5}}));
  EXPECT_FALSE(ValidateModel({.scale = 0}));
  EXPECT_FALSE(ValidateModel({.chance_weight = 2}));
  EXPECT_FALSE(ValidateModel({.prior_days = -1}));
  EXPECT_FALSE(ValidateModel({.again_slope = 0}));
  EXPECT_FALSE(ValidateModel({.again_offset = std::numeric_limits<double>::quiet_NaN()}));
}

TEST(RecencyTest, HalvesWithEachHalfLife) {
  const Recency recency(100, 140, 10);
  EXPECT_EQ(Recency::PurchasesOf(recency.UnitsOf(140)), 1);
  EXPECT_EQ(Recency::PurchasesOf(recency.UnitsOf(130)), 0.5);
  EXPECT_EQ(Recency::PurchasesOf(recency.UnitsOf(100)), 1.0 / 16);
  EXPECT_EQ(Recency::PurchasesOf(recency.UnitsOf(141)), 1) << "later than the newest day";
  double days = 0;
  for (int32_t day = 100; day <= 140; ++day) days += std::exp2((day - 140) / 10.0);
  EXPECT_NEAR(recency.days(), days, 1e-7);
  EXPECT_EQ(Recency(100, 140, 0).days(), 41) << "without a half-life";
  EXPECT_EQ(recency.all_days(), 41);
}

TEST(RecencyTest, HoldsAnyPeriod) {
  const Recency recency(-2'000'000'000, 2'000'000'000, 30);
  EXPECT_EQ(recency.UnitsOf(-2'000'000'000), 0u);
  EXPECT_EQ(Recency::PurchasesOf(recency.UnitsOf(2'000'000'000)), 1);
  EXPECT_EQ(Recency(5, 5, 30).days(), 1);
}

}  // namespace
}  // namespace clustr::bundle_model
