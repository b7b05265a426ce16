#include "services/bundles/training/bundles/bundle_measures.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::training {
namespace {

// Cases whose later counts are drawn, without anything before the period.
BundleCases RandomCases(std::mt19937_64& random) {
  BundleCases cases;
  const size_t products = 12;
  cases.single_counts.resize(products);
  for (size_t part = 0; part < kParts; ++part) {
    cases.later_baskets[part] = static_cast<uint32_t>(20 + random() % 20);
    for (size_t i = 0; i < products; ++i) {
      cases.later_singles[part].push_back(static_cast<uint32_t>(random() % 10));
    }
  }
  const size_t count = 1 + random() % 300;
  for (size_t i = 0; i < count; ++i) {
    BundleCase& one = cases.cases.emplace_back();
    one.size = 2;
    one.products = {static_cast<ProductNumber>(random() % 6),
                    static_cast<ProductNumber>(6 + random() % 6), 0};
    if (random() % 2 == 0) continue;
    for (uint32_t& later : one.later) later = static_cast<uint32_t>(random() % 3 == 0 ? 1 : 0);
  }
  cases.pair_count = count;
  return cases;
}

// The measures of one set of parts by their definitions; SIZE_MAX leaves none out.
struct Plain {
  double ndcg = 0, average_precision = 0, precision = 0, brier = 0, calibration_error = 0;
};
Plain MeasurePlainly(const BundleCases& cases, const std::vector<double>& scores,
                     const std::vector<double>& probabilities, size_t left_out) {
  std::vector<double> gains, again;
  std::vector<bool> lifted;
  double baskets = 0;
  for (size_t p = 0; p < kParts; ++p) baskets += p == left_out ? 0 : cases.later_baskets[p];
  for (const BundleCase& one : cases.cases) {
    double n = 0;
    double n1 = 0;
    double n2 = 0;
    for (size_t p = 0; p < kParts; ++p) {
      if (p == left_out) continue;
      n += one.later[p];
      n1 += cases.later_singles[p][one.products[0]];
      n2 += cases.later_singles[p][one.products[1]];
    }
    const double e = n1 * n2 / baskets;
    gains.push_back(std::log2(1 + std::max(0.0, n - e)));
    lifted.push_back((n - e) / std::sqrt(e + 1) >= 2);
    again.push_back(n >= 1 ? 1 : 0);
  }
  std::vector<size_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return scores[a] > scores[b]; });
  Plain plain;
  std::vector<double> best = gains;
  std::sort(best.begin(), best.end(), std::greater<>());
  double ideal = 0;
  for (size_t k = 0; k < std::min<size_t>(100, order.size()); ++k) {
    plain.ndcg += gains[order[k]] / std::log2(k + 2.0);
    ideal += best[k] / std::log2(k + 2.0);
  }
  plain.ndcg = ideal > 0 ? plain.ndcg / ideal : 0;
  double found = 0;
  for (size_t k = 0; k < order.size(); ++k) {
    if (!lifted[order[k]]) continue;
    found += 1;
    plain.average_precision += found / (k + 1.0);
  }
  plain.average_precision = found > 0 ? plain.average_precision / found : 0;
  const size_t top = std::min<size_t>(50, order.size());
  for (size_t k = 0; k < top; ++k) plain.precision += lifted[order[k]] ? 1.0 / top : 0;
  for (int bin = 0; bin < 10; ++bin) {
    double gap = 0;
    for (size_t i = 0; i < again.size(); ++i) {
      const int of = std::min(9, static_cast<int>(probabilities[i] * 10));
      if (of == bin) gap += probabilities[i] - again[i];
    }
    plain.calibration_error += std::abs(gap) / again.size();
  }
  for (size_t i = 0; i < again.size(); ++i) {
    plain.brier += (probabilities[i] - again[i]) * (probabilities[i] - again[i]) / again.size();
  }
  return plain;
}

double Jackknife(const std::vector<double>& values) {
  double mean = 0;
  for (const double value : values) mean += value / values.size();
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares * 9 / 10);
}

TEST(BundleMeasuresTest, AgreeWithTheirDefinitions) {
  ForEachSeed(60, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    const BundleCases cases = RandomCases(random);
    std::vector<double> scores, probabilities;
    for (size_t i = 0; i < cases.cases.size(); ++i) {
      scores.push_back(static_cast<double>(random() % 50));
      probabilities.push_back(random() % 9 == 0 ? 1 : static_cast<double>(random() % 1000) / 1000);
    }
    const BundleMeasures got = MeasureBundles(cases, scores, probabilities);
    const Plain plain = MeasurePlainly(cases, scores, probabilities, SIZE_MAX);
    EXPECT_NEAR(got.ndcg.value, plain.ndcg, 1e-9);
    EXPECT_NEAR(got.average_precision.value, plain.average_precision, 1e-9);
    EXPECT_NEAR(got.precision.value, plain.precision, 1e-9);
    EXPECT_NEAR(got.brier.value, plain.brier, 1e-9);
    EXPECT_NEAR(got.calibration_error.value, plain.calibration_error, 1e-9);
    double gaps = 0;
    size_t count = 0;
    for (const CalibrationBin& bin : got.bins) {
      EXPECT_GE(bin.predicted, bin.lower - 1e-9);
      EXPECT_LE(bin.predicted, bin.lower + 0.1 + 1e-9);
      gaps += std::abs(bin.predicted - bin.observed) * static_cast<double>(bin.count);
      count += bin.count;
    }
    EXPECT_EQ(count, cases.cases.size());
    EXPECT_NEAR(gaps / static_cast<double>(count), plain.calibration_error, 1e-9);
    std::vector<double> ndcg, calibration_error;
    for (size_t part = 0; part < kParts; ++part) {
      const Plain without = MeasurePlainly(cases, scores, probabilities, part);
      ndcg.push_back(without.ndcg);
      calibration_error.push_back(without.calibration_error);
    }
    EXPECT_NEAR(got.ndcg.standard_error, Jackknife(ndcg), 1e-9);
    EXPECT_NEAR(got.calibration_error.standard_error, Jackknife(calibration_error), 1e-9);
  });
}

TEST(BundleMeasuresTest, ScoresThatAreNoProbabilitiesAreNotMeasuredAsSuch) {
  std::mt19937_64 random(1);
  const BundleCases cases = RandomCases(random);
  const std::vector<double> scores(cases.cases.size(), 7);
  const BundleMeasures got = MeasureBundles(cases, scores, {});
  EXPECT_EQ(got.brier, Mean());
  EXPECT_EQ(got.calibration_error, Mean());
  EXPECT_EQ(MeasureBundles({}, {}, {}).ndcg, Mean());
}

}  // namespace
}  // namespace clustr::training
