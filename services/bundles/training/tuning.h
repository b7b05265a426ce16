#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_TUNING_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_TUNING_H_

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/bundles/training/candidates.h"
#include "services/bundles/training/evaluation.h"

namespace clustr::training {

// Measures one value of a parameter; more is better.
using Objective = std::function<absl::StatusOr<double>(double value)>;

// The best of `values`, which ascend, for an objective with one peak: starts at values[start] and
// climbs to either side while the objective rises. Ties keep the value met first.
absl::StatusOr<double> Climb(absl::Span<const double> values, size_t start,
                             const Objective& objective);

// Chooses the settings by measuring models that learned from `learned` on `period`, which lies
// after it: the regularisation first, then the parameters of a basket whose customer is unknown,
// then those of the customer's history, one at a time, twice around.
// `advance` is called with the share done, from 0 to 1. Errors are those of `wanted`.
absl::StatusOr<Settings> Tune(const Learned& learned, const TestPeriod& period,
                              const TrainingLimits& limits, const Wanted& wanted,
                              const std::function<void(double share)>& advance);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_TUNING_H_
