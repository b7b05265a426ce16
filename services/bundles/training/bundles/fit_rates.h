#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_BUNDLES_FIT_RATES_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_BUNDLES_FIT_RATES_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/bundle_model/bundle_model.h"
#include "services/bundles/training/bundles/bundle_cases.h"

namespace clustr::training {

// What a model says about each case.
struct BundlePredictions {
  std::vector<double> scores;
  std::vector<double> probabilities;
};

// `half_life` is the index of model.half_life_days in kHalfLives.
BundlePredictions Predict(const bundle_model::BundleModel& model, size_t half_life,
                          const BundleCases& cases);

// The index in kHalfLives with which the excess over chance ranks the cases best: with the highest
// sum of NDCG and average precision, of equals the first.
size_t ChooseHalfLife(const BundleCases& cases);

// The model whose horizon is that of the cases, with this half-life, and the prior and calibration
// under which what the period shows is likeliest. Requires cases.
bundle_model::BundleModel FitRates(const BundleCases& cases, size_t half_life);

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
