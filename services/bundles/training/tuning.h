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

// Sets the weights of the blends of the two tasks, whose links are fitted, to those that measure
// best on `period`: first those of a basket whose customer is unknown, then those of the customer's
// history, one at a time, twice around. Completion is measured by NDCG, the next basket by
// RankingMeasures::quality. Errors are those of `wanted`.
absl::Status TuneWeights(const Learned& learned, const TestPeriod& period, const Wanted& wanted,
                         products::TaskModel* completion, products::TaskModel* next_basket);

// Chooses the settings by measuring models of the fitter's purchases on `period`, which lies
// after them: first the regularisation, and whether baskets weigh less the larger they are; then by
// TuneWeights.
// `advance` is called with the share done, from 0 to 1. Errors are those of the fitter's `wanted`.
absl::StatusOr<Settings> Tune(LinkFitter* fitter, const TestPeriod& period,
                              const std::function<void(double share)>& advance);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_TUNING_H_
