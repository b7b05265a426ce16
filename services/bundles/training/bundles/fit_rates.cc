#include "services/bundles/training/bundles/fit_rates.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
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

constexpr double kRecentPower = 0.25;
constexpr double kDemandPower = 0.5;

BundleModel ModelOf(const RateChoice& choice, int32_t horizon_days) {
  return {.horizon_days = horizon_days,
          .shape = {.half_life_days = kHalfLives[choice.half_life],
                    .recent_power = choice.recent_power,
                    .demand_power = choice.demand_power},
          .chance_weight = choice.chance_weight};
}

std::vector<double> ScoresOf(const RateChoice& choice, const BundleCases& cases) {
  const BundleModel model = ModelOf(choice, cases.period_days);
  std::vector<double> scores;
  scores.reserve(cases.cases.size());
  for (const BundleCase& one : cases.cases) {
    scores.push_back(model.Score(cases.EvidenceOf(one, choice.half_life)));
  }
  return scores;
}

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

std::vector<RateChoice> RateChoices() {
  std::vector<RateChoice> choices = {{.chance_weight = 0}};
  for (size_t i = 0; i < kHalfLives.size(); ++i) choices.push_back({.half_life = i});
  for (size_t i = 0; i < kHalfLives.size(); ++i) {
    choices.push_back({i, kRecentPower, kDemandPower, 1});
  }
  return choices;
}

absl::StatusOr<RateChoice> ChooseRates(const BundleCases& cases, const Wanted& wanted) {
  const BundleJudge judge(cases);
  const std::vector<RateChoice> choices = RateChoices();
  size_t best = 0;
  double peak = -1;
  for (size_t i = 0; i < choices.size(); ++i) {
    if (absl::Status status = wanted(); !status.ok()) return status;
    const double quality = judge.Judge(ScoresOf(choices[i], cases));
    if (quality <= peak) continue;
    peak = quality;
    best = i;
  }
  const BundleQuality of_best = judge.JudgeByPart(ScoresOf(choices[best], cases));
  const BundleQuality of_support = judge.JudgeByPart(ScoresOf(choices[0], cases));
  const double gain = of_best.value - of_support.value;
  return gain > ErrorOfDifference(of_best, of_support) ? choices[best] : choices[0];
}

BundleModel FitRates(const BundleCases& cases, const RateChoice& choice) {
  std::vector<bool> again;
  std::vector<BundleEvidence> evidence;
  double bought = 0;
  double foreseen = 0;
  BundleModel model = ModelOf(choice, cases.period_days);
  for (const BundleCase& one : cases.cases) {
    again.push_back(BoughtAgain(one));
    evidence.push_back(cases.EvidenceOf(one, choice.half_life));
    bought += std::accumulate(one.later.begin(), one.later.end(), 0.0);
    foreseen += model.Expected(evidence.back());
  }
  // A shop in which no bundle was bought again tells no scale.
  if (bought > 0 && foreseen > 0) model.scale = bought / foreseen;
  std::optional<double> best;
  std::vector<double> likely(evidence.size());
  std::vector<double> by_chance(evidence.size());
  BundleModel fitted = model;
  for (const double prior_days : kPriorDays) {
    BundleModel tried = model;
    tried.prior_days = prior_days;
    for (size_t i = 0; i < likely.size(); ++i) {
      likely[i] = tried.Likely(evidence[i]);
      by_chance[i] = tried.ByChance(evidence[i]);
    }
    const Calibration fit = Calibrate(likely, by_chance, again);
    if (best && fit.log_likelihood <= *best) continue;
    best = fit.log_likelihood;
    tried.again_offset = fit.offset;
    tried.again_slope = fit.slope;
    tried.chance_slope = fit.chance_slope;
    fitted = tried;
  }
  return fitted;
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
