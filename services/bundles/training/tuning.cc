#include "services/bundles/training/tuning.h"

#include <string>
#include <utility>

#include "services/bundles/training/linear_links.h"

namespace clustr::training {
namespace {

using products::ProductModel;
using products::ProductScorer;
using products::TaskWeights;

constexpr double kPlainRegularisations[] = {20, 60, 200, 600, 2'000};
constexpr double kRegularisations[] = {10, 25, 60, 150, 400};
constexpr double kCosineScales[] = {0, 0.25, 0.5, 1};
constexpr int kRounds = 2;

// A parameter of a task, and the values to try.
struct Parameter {
  std::vector<double> values;
  std::function<void(double value, TaskWeights* weights)> set;
};

Parameter Of(double TaskWeights::*member, std::vector<double> values) {
  return {std::move(values),
          [member](double value, TaskWeights* weights) { weights->*member = value; }};
}

// Those that a basket of an unknown customer is scored by.
std::vector<Parameter> AnonymousParameters() {
  return {{{0, 0.05, 0.1, 0.2, 0.3},
           [](double value, TaskWeights* weights) {
             weights->recent_exponent = value;
             weights->count_exponent = value;
           }},
          Of(&TaskWeights::popular, {0, 0.003, 0.01, 0.03, 0.1, 0.3}),
          Of(&TaskWeights::common, {0, 0.003, 0.01, 0.03, 0.1, 0.3})};
}

// Those that the customer's history adds.
std::vector<Parameter> PersonalParameters() {
  return {Of(&TaskWeights::own, {0, 0.03, 0.06, 0.1, 0.15, 0.25, 0.4}),
          Of(&TaskWeights::own_exponent, {0.5, 1}),
          Of(&TaskWeights::own_half_life_days, {0, 180, 90, 45})};
}

std::vector<Parameter> NextBasketParameters() {
  return {Of(&TaskWeights::recent_exponent, {0, 0.3, 0.5, 0.7, 1}),
          Of(&TaskWeights::own_half_life_days, {0, 180, 90, 45, 20}),
          Of(&TaskWeights::own_exponent, {0.5, 1, 1.5}),
          Of(&TaskWeights::similar, {0, 0.05, 0.1, 0.2, 0.4, 0.8}),
          Of(&TaskWeights::popular, {1e-6, 0.01, 0.03, 0.1, 0.3, 1}),
          Of(&TaskWeights::common, {0, 0.01, 0.03, 0.1, 0.3, 1})};
}

// Tries the values of each parameter in turn and keeps the best. `measure` measures `*weights`.
absl::Status TuneTask(absl::Span<const Parameter> parameters, TaskWeights* weights,
                      const std::function<absl::StatusOr<double>()>& measure) {
  absl::StatusOr<double> best = measure();
  if (!best.ok()) return best.status();
  for (int round = 0; round < kRounds; ++round) {
    for (const Parameter& parameter : parameters) {
      TaskWeights kept = *weights;
      for (const double value : parameter.values) {
        parameter.set(value, weights);
        const absl::StatusOr<double> measured = measure();
        if (!measured.ok()) return measured.status();
        if (*measured > *best) {
          best = measured;
          kept = *weights;
        }
      }
      *weights = kept;
    }
  }
  return absl::OkStatus();
}

// Measures completion with the basket links of one candidate alone.
absl::StatusOr<double> MeasureLinks(const Learned& learned, const std::string& name,
                                    const Settings& settings, const TestPeriod& period,
                                    const TrainingLimits& limits, const Wanted& wanted) {
  const auto fitted = FitCompletion(learned, name, settings, limits, wanted);
  if (!fitted.ok()) return fitted.status();
  const ProductModel frame = FrameOf(learned);
  const auto measured = MeasureCompletion(ProductScorer(frame, fitted->task), period, wanted);
  if (!measured.ok()) return measured.status();
  return measured->ndcg.value;
}

// Sets `*value` to the best of `values`.
absl::Status Choose(absl::Span<const double> values, size_t start, double* value,
                    const std::function<absl::StatusOr<double>()>& measure) {
  const absl::StatusOr<double> best = Climb(values, start, [&](double tried) {
    *value = tried;
    return measure();
  });
  if (best.ok()) *value = *best;
  return best.status();
}

absl::Status ChooseLinks(const Learned& learned, const TestPeriod& period,
                         const TrainingLimits& limits, const Wanted& wanted,
                         const std::function<void(double)>& advance, Settings* settings) {
  const auto measure = [&](const char* name) {
    return [&, name] { return MeasureLinks(learned, name, *settings, period, limits, wanted); };
  };
  absl::Status status =
      Choose(kPlainRegularisations, 1, &settings->plain_regularisation, measure("ease"));
  if (!status.ok()) return status;
  advance(0.3);
  status = Choose(kRegularisations, 1, &settings->regularisation, measure("blend"));
  if (!status.ok()) return status;
  advance(0.6);
  const size_t product_count = learned.purchases.skus.size();
  const bool all_linear =
      LinearProducts(learned.baskets, product_count, limits.max_linear_products).size() <
      limits.max_linear_products;
  if (all_linear) return absl::OkStatus();
  return Choose(kCosineScales, 0, &settings->cosine_scale, measure("blend"));
}

}  // namespace

absl::StatusOr<double> Climb(absl::Span<const double> values, size_t start,
                             const Objective& objective) {
  size_t best = start;
  absl::StatusOr<double> peak = objective(values[start]);
  if (!peak.ok()) return peak;
  for (const int step : {1, -1}) {
    const size_t from = best;
    for (size_t i = start + step; i < values.size(); i += step) {
      const absl::StatusOr<double> height = objective(values[i]);
      if (!height.ok()) return height;
      if (*height <= *peak) break;
      peak = height;
      best = i;
    }
    if (best != from) break;
  }
  return values[best];
}

absl::StatusOr<Settings> Tune(const Learned& learned, const TestPeriod& period,
                              const TrainingLimits& limits, const Wanted& wanted,
                              const std::function<void(double share)>& advance) {
  Settings settings;
  if (!period.cases.completion.empty()) {
    absl::Status status = ChooseLinks(learned, period, limits, wanted, advance, &settings);
    if (!status.ok()) return status;
    auto blend = FitCompletion(learned, kBlend, settings, limits, wanted);
    if (!blend.ok()) return blend.status();
    const ProductModel frame = FrameOf(learned);
    const TestPeriod anonymous = AnonymousPeriod(period);
    const auto measure_in = [&](const TestPeriod& measured_period) {
      return [&]() -> absl::StatusOr<double> {
        const auto measured =
            MeasureCompletion(ProductScorer(frame, blend->task), measured_period, wanted);
        if (!measured.ok()) return measured.status();
        return measured->ndcg.value;
      };
    };
    TaskWeights* weights = &blend->task.weights;
    status = TuneTask(AnonymousParameters(), weights, measure_in(anonymous));
    if (!status.ok()) return status;
    status = TuneTask(PersonalParameters(), weights, measure_in(period));
    if (!status.ok()) return status;
    settings.completion = blend->task.weights;
  }
  advance(0.8);
  settings.next_basket.own = 1;
  settings.next_basket.popular = 1e-6;
  if (!period.cases.next_basket.empty()) {
    auto blend = FitNextBasket(learned, kBlend, settings, limits, wanted);
    if (!blend.ok()) return blend.status();
    const ProductModel frame = FrameOf(learned);
    absl::Status status =
        TuneTask(NextBasketParameters(), &blend->task.weights, [&]() -> absl::StatusOr<double> {
          const auto measured =
              MeasureNextBasket(ProductScorer(frame, blend->task), false, period, wanted);
          if (!measured.ok()) return measured.status();
          return measured->recall.value;
        });
    if (!status.ok()) return status;
    settings.next_basket = blend->task.weights;
  }
  advance(1);
  return settings;
}

}  // namespace clustr::training
