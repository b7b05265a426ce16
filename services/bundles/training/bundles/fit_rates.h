#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_BUNDLES_FIT_RATES_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_BUNDLES_FIT_RATES_H_

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/bundles/bundle_model/bundle_model.h"
#include "services/bundles/training/bundles/bundle_cases.h"
#include "services/bundles/training/data/progress.h"

namespace clustr::training {

// What a model says about each case.
struct BundlePredictions {
  std::vector<double> scores;
  std::vector<double> probabilities;
};

// How a model weighs purchases, before anything is fitted.
struct RateChoice {
  size_t half_life = kNoHalfLife;  // The index in kHalfLives.
  double recent_power = 1;
  double demand_power = 0;
  double chance_weight = 1;

  bool operator==(const RateChoice&) const = default;
};

// What ChooseRates chooses from, the simplest first: support, the excess over chance by each
// half-life, and the same by the average of recent purchases with all of them and the demand for
// the weakest product. The powers are those that ranked best in the two periods of Online Retail
// before its evaluation period.
std::vector<RateChoice> RateChoices();

BundlePredictions Predict(const bundle_model::BundleModel& model, size_t half_life,
                          const BundleCases& cases);

// The choice that ranks the cases best: with the highest sum of NDCG and average precision, of
// equals the first. Support, unless it is better by more than one standard error of the difference.
// Errors are those of `wanted`.
absl::StatusOr<RateChoice> ChooseRates(const BundleCases& cases, const Wanted& wanted);

// The model whose horizon is that of the cases, with this choice, the scale with which the expected
// purchases add up to those of the period, and the prior and calibration under which what the
// period shows is likeliest. Requires cases.
bundle_model::BundleModel FitRates(const BundleCases& cases, const RateChoice& choice);

// The calibration of 1 - exp(-e^offset * expected^slope * by_chance^chance_slope): the parameters
// under which `again` is likeliest. A weak prior, offset, slope - 1 and chance_slope with a
// standard deviation of 2, keeps them finite where all bundles have the same fate.
struct Calibration {
  double offset = 0;
  double slope = 1;
  double chance_slope = 0;
  double log_likelihood = 0;  // Without the prior.
};
Calibration Calibrate(absl::Span<const double> expected, absl::Span<const double> by_chance,
                      const std::vector<bool>& again);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_BUNDLES_FIT_RATES_H_
