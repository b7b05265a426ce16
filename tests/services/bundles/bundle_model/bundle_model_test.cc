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
          .half_life_days = Between(random, 0, 100),
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
                              .share = Between(random, 0, 1)};
    const double k = model.prior_days;
    const double expected =
        e.share * model.horizon_days * (e.recent + k * e.chance / e.days) / (e.days + k);
    EXPECT_NEAR(model.Expected(e), expected, 1e-9 * (1 + expected));
    const double by_chance = e.share * model.horizon_days * e.chance / e.days;
    EXPECT_NEAR(model.Score(e), expected - by_chance, 1e-9 * (1 + expected));
    EXPECT_EQ(model.Score(e), model.PurchasePart(e) + model.ChancePart(e));
    const double rate = std::exp(model.again_offset) *
                        std::pow(std::max(expected, 1e-6), model.again_slope) *
                        std::pow(std::max(by_chance, 1e-6), model.chance_slope);
    EXPECT_NEAR(model.Probability(e), 1 - std::exp(-rate), 1e-9);
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

TEST(BundleModelTest, ValuesThatCannotBeServedAreInvalid) {
  EXPECT_TRUE(ValidateModel({}));
  EXPECT_FALSE(ValidateModel({.horizon_days = 0}));
  EXPECT_FALSE(ValidateModel({.half_life_days = -1}));
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
}

TEST(RecencyTest, HoldsAnyPeriod) {
  const Recency recency(-2'000'000'000, 2'000'000'000, 30);
  EXPECT_EQ(recency.UnitsOf(-2'000'000'000), 0u);
  EXPECT_EQ(Recency::PurchasesOf(recency.UnitsOf(2'000'000'000)), 1);
  EXPECT_EQ(Recency(5, 5, 30).days(), 1);
}

}  // namespace
}  // namespace clustr::bundle_model
