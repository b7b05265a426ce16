#include "services/bundles/training/bundles/train_bundles.h"

#include <utility>

#include "services/bundles/training/bundles/bundle_baselines.h"
#include "services/bundles/training/bundles/fit_rates.h"

namespace clustr::training {
namespace {

// What the choice of the champion rests on.
double QualityOf(const BundleMeasures& measures) {
  return measures.ndcg.value + measures.average_precision.value;
}

std::vector<MeasuredBundles> MeasureBaselines(const BundleCases& cases) {
  std::vector<MeasuredBundles> measured;
  for (const BundleBaseline& baseline : BundleBaselines(cases)) {
    measured.push_back(
        {baseline.name,
         MeasureBundles(cases, baseline.scores,
                        baseline.is_probability ? absl::MakeConstSpan(baseline.scores)
                                                : absl::Span<const double>()),
         baseline.is_probability});
  }
  return measured;
}

MeasuredBundles MeasureRates(const bundle_model::BundleModel& model, size_t half_life,
                             const BundleCases& cases) {
  const BundlePredictions predictions = Predict(model, half_life, cases);
  return {kRates, MeasureBundles(cases, predictions.scores, predictions.probabilities), true};
}

}  // namespace

absl::StatusOr<TrainedBundles> TrainBundles(const Purchases& purchases, int32_t inner_day,
                                            int32_t split_day, const BundleLimits& limits,
                                            const Wanted& wanted) {
  TrainedBundles trained;
  const size_t split = purchases.CountBefore(split_day);
  const size_t inner_split = purchases.CountBefore(inner_day);
  if (inner_split == split || split == purchases.size()) return trained;
  RateChoice choice;
  bundle_model::BundleModel fitted;
  {
    const auto inner =
        FindBundleCases(purchases, inner_split, split, split_day - inner_day, limits, wanted);
    if (!inner.ok()) return inner.status();
    if (inner->cases.size() < kMinBundleCases) return trained;
    const auto chosen = ChooseRates(*inner, wanted);
    if (!chosen.ok()) return chosen.status();
    choice = *chosen;
    fitted = FitRates(*inner, choice);
    const MeasuredBundles rates = MeasureRates(fitted, choice.half_life, *inner);
    const std::vector<MeasuredBundles> baselines = MeasureBaselines(*inner);
    if (QualityOf(rates.measures) > QualityOf(baselines.back().measures)) trained.champion = kRates;
  }
  if (absl::Status status = wanted(); !status.ok()) return status;
  const auto outer = FindBundleCases(purchases, split, purchases.size(),
                                     purchases.days.back() + 1 - split_day, limits, wanted);
  if (!outer.ok()) return outer.status();
  trained.case_count = outer->cases.size();
  if (outer->cases.size() < kMinBundleCases) {
    return TrainedBundles{};
  }
  fitted.horizon_days = outer->period_days;
  trained.methods = MeasureBaselines(*outer);
  trained.methods.push_back(MeasureRates(fitted, choice.half_life, *outer));
  if (trained.champion == kRates) trained.model = FitRates(*outer, choice);
  return trained;
}

}  // namespace clustr::training
