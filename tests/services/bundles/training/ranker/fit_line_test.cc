#include "services/bundles/training/ranker/fit_line.h"

#include <cmath>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::training {
namespace {

constexpr size_t kFeatures = 3;

absl::Status Always() { return absl::OkStatus(); }

// Lists of which products are bought the more, the higher the first feature and the lower the
// second. The third is the same everywhere.
LineRows RandomLists(uint64_t seed, size_t count) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<float> real(0, 1);
  LineRows rows;
  rows.feature_count = kFeatures;
  while (rows.list_count() < count) {
    const size_t size = 2 + random() % 8;
    std::vector<float> features;
    std::vector<uint8_t> bought;
    bool any = false;
    for (size_t i = 0; i < size; ++i) {
      const float a = 3 * real(random), b = real(random);
      features.insert(features.end(), {a, b, 7});
      bought.push_back(real(random) < 1 / (1 + std::exp(3 - 1.5 * a + 2 * b)) ? 1 : 0);
      any = any || bought.back() == 1;
    }
    if (!any) continue;
    rows.features.insert(rows.features.end(), features.begin(), features.end());
    rows.bought.insert(rows.bought.end(), bought.begin(), bought.end());
    rows.begins.push_back(static_cast<uint32_t>(rows.bought.size()));
  }
  return rows;
}

// The loss as fit_line.h states it, in plain double arithmetic.
double StatedLoss(const std::vector<LineRows>& parts, const std::vector<double>& weights) {
  double loss = 0, rows = 0;
  std::vector<double> sums(kFeatures), squares(kFeatures);
  for (const LineRows& part : parts) {
    for (size_t list = 0; list < part.list_count(); ++list) {
      double all = 0, of_bought = 0, logs = 0, bought = 0;
      for (size_t row = part.begins[list]; row < part.begins[list + 1]; ++row) {
        double sum = 0;
        for (size_t i = 0; i < kFeatures; ++i) {
          const double feature = part.features[row * kFeatures + i];
          sum += weights[i] * feature;
          sums[i] += feature;
          squares[i] += feature * feature;
        }
        rows += 1;
        all += std::exp(sum);
        if (part.bought[row] == 0) continue;
        of_bought += std::exp(sum);
        logs += sum;
        bought += 1;
      }
      loss -= (logs / bought - std::log(all)) / 2 + std::log(of_bought / all) / 2;
    }
  }
  for (size_t i = 0; i < kFeatures; ++i) {
    const double variance = squares[i] / rows - sums[i] / rows * sums[i] / rows;
    loss += kLineRegularisation / 2 * weights[i] * weights[i] * variance;
  }
  return loss;
}

TEST(FitLineTest, NoOtherWeightsHaveALowerLoss) {
  ForEachSeed(10, [](uint64_t seed) {
    const std::vector<LineRows> parts = {RandomLists(seed, 150), RandomLists(seed + 100, 90)};
    const auto line = FitLine(parts, Always);
    ASSERT_TRUE(line.ok());
    ASSERT_EQ(line->size(), kFeatures);
    EXPECT_EQ((*line)[2], 0) << "tells no two products apart";
    const std::vector<double> weights(line->begin(), line->end());
    const double least = StatedLoss(parts, weights);
    for (size_t i = 0; i < 2; ++i) {
      for (const double step : {-0.3, -0.02, 0.02, 0.3}) {
        std::vector<double> moved = weights;
        moved[i] += step;
        EXPECT_LT(least, StatedLoss(parts, moved)) << "weight " << i << " by " << step;
      }
    }
    EXPECT_GT(weights[0], 0.3);
    EXPECT_LT(weights[1], 0);
  });
}

TEST(FitLineTest, SameListsGiveTheSameLineAndFewGiveNone) {
  const std::vector<LineRows> parts = {RandomLists(1, 200)};
  EXPECT_EQ(*FitLine(parts, Always), *FitLine(parts, Always));
  const std::vector<LineRows> few = {RandomLists(1, 50), RandomLists(2, 49)};
  EXPECT_TRUE(FitLine(few, Always)->empty());
  EXPECT_TRUE(FitLine({}, Always)->empty());
}

TEST(FitLineTest, FeaturesFarApartGiveFiniteWeights) {
  LineRows rows = RandomLists(4, 200);
  for (size_t i = 0; i < rows.features.size(); i += kFeatures) rows.features[i] *= 1e6f;
  const auto line = FitLine({&rows, 1}, Always);
  ASSERT_TRUE(line.ok());
  for (const float weight : *line) EXPECT_TRUE(std::isfinite(weight));
  EXPECT_GT((*line)[0], 0);
}

TEST(FitLineTest, StopsWhenItIsNoLongerWanted) {
  const std::vector<LineRows> parts = {RandomLists(1, 200)};
  EXPECT_TRUE(
      absl::IsCancelled(FitLine(parts, [] { return absl::CancelledError("enough"); }).status()));
}

}  // namespace
}  // namespace clustr::training
