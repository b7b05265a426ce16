#include "services/bundles/training/bundles/fit_rates.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "services/bundles/training/bundles/bundle_measures.h"

namespace clustr::training {
namespace {

using bundle_model::BundleEvidence;
using bundle_model::BundleModel;

constexpr double kPriorDays[] = {0, 3, 10, 30};
constexpr double kPriorPrecision = 0.25;  // 1 / 2^2.
constexpr double kMinSlope = 0.001;
constexpr double kMaxLogRate = 30;
constexpr double kMaxStep = 1;
constexpr int kMaxSteps = 100;
constexpr double kSmallStep = 1e-10;
// Probabilities are kept so far from 0 and 1, so that logarithms are finite.
constexpr double kMinProbability = 1e-12;

bool BoughtAgain(const BundleCase& one) {
  return std::any_of(one.later.begin(), one.later.end(), [](uint32_t count) { return count > 0; });
}

// The logarithms that a calibration weighs, with a 1 for the offset.
using Logs = std::array<double, 3>;

double RateOf(const Logs& weights, const Logs& logs) {
  double sum = 0;
  for (size_t i = 0; i < logs.size(); ++i) sum += weights[i] * logs[i];
  return std::exp(std::min(sum, kMaxLogRate));
}

double LogLikelihood(const Logs& weights, absl::Span<const Logs> logs,
                     const std::vector<bool>& again) {
  double sum = 0;
  for (size_t i = 0; i < logs.size(); ++i) {
    const double rate = RateOf(weights, logs[i]);
    sum += again[i] ? std::log(std::max(-std::expm1(-rate), kMinProbability)) : -rate;
  }
  return sum;
}

// The solution of a * x = b, where a is symmetric and positive definite, by elimination.
Logs Solve(std::array<Logs, 3> a, Logs b) {
  for (size_t i = 0; i < b.size(); ++i) {
    for (size_t row = i + 1; row < b.size(); ++row) {
      const double factor = a[row][i] / a[i][i];
      for (size_t column = i; column < b.size(); ++column) a[row][column] -= factor * a[i][column];
      b[row] -= factor * b[i];
    }
  }
  for (size_t i = b.size(); i-- > 0;) {
    for (size_t column = i + 1; column < b.size(); ++column) b[i] -= a[i][column] * b[column];
    b[i] /= a[i][i];
  }
  return b;
}

}  // namespace

BundlePredictions Predict(const BundleModel& model, size_t half_life, const BundleCases& cases) {
  BundlePredictions predictions;
  for (const BundleCase& one : cases.cases) {
    const BundleEvidence evidence = cases.EvidenceOf(one, half_life);
    predictions.scores.push_back(model.Score(evidence));
    predictions.probabilities.push_back(model.Probability(evidence));
  }
  return predictions;
}

size_t ChooseHalfLife(const BundleCases& cases) {
  size_t best = 0;
  double best_sum = -1;
  for (size_t half_life = 0; half_life < kHalfLives.size(); ++half_life) {
    std::vector<double> scores;
    for (const BundleCase& one : cases.cases) {
      scores.push_back(BundleModel().Score(cases.EvidenceOf(one, half_life)));
    }
    const BundleMeasures measured = MeasureBundles(cases, scores, {});
    const double sum = measured.ndcg.value + measured.average_precision.value;
    if (sum <= best_sum) continue;
    best_sum = sum;
    best = half_life;
  }
  return best;
}

BundleModel FitRates(const BundleCases& cases, size_t half_life) {
  std::vector<bool> again;
  for (const BundleCase& one : cases.cases) again.push_back(BoughtAgain(one));
  BundleModel model = {.horizon_days = cases.period_days, .half_life_days = kHalfLives[half_life]};
  std::optional<double> best;
  std::vector<double> expected(cases.cases.size());
  std::vector<double> by_chance(cases.cases.size());
  for (const double prior_days : kPriorDays) {
    BundleModel tried = {.horizon_days = cases.period_days,
                         .half_life_days = kHalfLives[half_life],
                         .prior_days = prior_days};
    for (size_t i = 0; i < expected.size(); ++i) {
      const BundleEvidence evidence = cases.EvidenceOf(cases.cases[i], half_life);
      expected[i] = tried.Expected(evidence);
      by_chance[i] = tried.ByChance(evidence);
    }
    const Calibration fit = Calibrate(expected, by_chance, again);
    if (best && fit.log_likelihood <= *best) continue;
    best = fit.log_likelihood;
    tried.again_offset = fit.offset;
    tried.again_slope = fit.slope;
    tried.chance_slope = fit.chance_slope;
    model = tried;
  }
  return model;
}

Calibration Calibrate(absl::Span<const double> expected, absl::Span<const double> by_chance,
                      const std::vector<bool>& again) {
  std::vector<Logs> logs;
  logs.reserve(expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    logs.push_back({1, std::log(std::max(expected[i], bundle_model::kLeastExpected)),
                    std::log(std::max(by_chance[i], bundle_model::kLeastExpected))});
  }
  // Newton's method. The likelihood is concave; the expected curvature (Fisher scoring) would
  // vanish where a bundle that was expected many times was never bought, and its steps would
  // oscillate.
  const Logs prior = {0, 1, 0};
  Logs weights = prior;
  for (int step = 0; step < kMaxSteps; ++step) {
    Logs gradient;
    std::array<Logs, 3> curvature = {};
    for (size_t i = 0; i < weights.size(); ++i) {
      gradient[i] = -kPriorPrecision * (weights[i] - prior[i]);
      curvature[i][i] = kPriorPrecision;
    }
    for (size_t one = 0; one < logs.size(); ++one) {
      const double rate = RateOf(weights, logs[one]);
      const double probability = std::max(-std::expm1(-rate), kMinProbability);
      const double odds = rate * std::exp(-rate) / probability;
      const double slope = again[one] ? odds : -rate;
      const double bend = again[one] ? std::max(odds * (rate + odds - 1), 0.0) : rate;
      for (size_t i = 0; i < weights.size(); ++i) {
        gradient[i] += slope * logs[one][i];
        for (size_t j = 0; j < weights.size(); ++j) {
          curvature[i][j] += bend * logs[one][i] * logs[one][j];
        }
      }
    }
    if (weights[1] == kMinSlope && gradient[1] < 0) {
      // The slope stays at its bound, and the others are moved as if it were no parameter.
      gradient[1] = 0;
      for (size_t i = 0; i < weights.size(); ++i) curvature[i][1] = curvature[1][i] = 0;
      curvature[1][1] = 1;
    }
    const Logs move = Solve(curvature, gradient);
    double longest = 0;
    for (const double part : move) longest = std::max(longest, std::abs(part));
    const double scale = kMaxStep / std::max(longest, kMaxStep);
    for (size_t i = 0; i < weights.size(); ++i) weights[i] += scale * move[i];
    weights[1] = std::max(weights[1], kMinSlope);
    if (longest < kSmallStep) break;
  }
  return {weights[0], weights[1], weights[2], LogLikelihood(weights, logs, again)};
}

}  // namespace clustr::training
