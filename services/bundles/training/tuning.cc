#include "services/bundles/training/tuning.h"

#include <algorithm>
#include <string>
#include <utility>

#include "services/bundles/training/links/linear_links.h"

namespace clustr::training {
namespace {

using products::ProductModel;
using products::ProductScorer;
using products::TaskWeights;

constexpr double kPlainRegularisations[] = {10, 25, 60, 200, 600, 2'000};
constexpr double kRegularisations[] = {5, 10, 15, 25, 60, 150, 400};
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
          Of(&TaskWeights::again_exponent, {0, 0.5, 1}),
          Of(&TaskWeights::own_half_life_days, {0, 180, 90, 45, 20}),
          Of(&TaskWeights::own_exponent, {0.5, 1, 1.5}),
          Of(&TaskWeights::similar, {0, 0.05, 0.1, 0.2, 0.4, 0.8}),
          Of(&TaskWeights::popular, {kTieBreak, 0.01, 0.03, 0.1, 0.3, 1}),
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
absl::StatusOr<double> MeasureLinks(LinkFitter* fitter, const std::string& name,
                                    const Settings& settings, const TestPeriod& period) {
  const auto fitted = FitCompletion(fitter, name, settings);
  if (!fitted.ok()) return fitted.status();
  const ProductModel frame = FrameOf(fitter->learned());
  const auto measured =
      MeasureCompletion(ProductScorer(frame, fitted->task), period, fitter->wanted());
  if (!measured.ok()) return measured.status();
  return measured->ndcg.value;
}

// Sets `*value` to the best of `values`, and `*peak` to what it measures.
absl::Status Choose(absl::Span<const double> values, size_t start, double* value, double* peak,
                    const std::function<absl::StatusOr<double>()>& measure) {
  *peak = -1;
  const absl::StatusOr<double> best = Climb(values, start, [&](double tried) {
    *value = tried;
    const absl::StatusOr<double> measured = measure();
    if (measured.ok()) *peak = std::max(*peak, *measured);
    return measured;
  });
  if (best.ok()) *value = *best;
  return best.status();
}

absl::Status ChooseLinks(LinkFitter* fitter, const TestPeriod& period,
                         const std::function<void(double)>& advance, Settings* settings) {
  const auto measure = [&](const char* name) {
    return [&, name] { return MeasureLinks(fitter, name, *settings, period); };
  };
  double plain = 0;
  double weighted = 0;
  absl::Status status =
      Choose(kPlainRegularisations, 1, &settings->plain_regularisation, &plain, measure("ease"));
  if (!status.ok()) return status;
  advance(0.3);
  status = Choose(kRegularisations, 2, &settings->regularisation, &weighted, measure("blend"));
  if (!status.ok()) return status;
  if (plain >= weighted) {
    settings->size_exponent = 0;
    settings->regularisation = settings->plain_regularisation;
  }
  advance(0.6);
  const Learned& learned = fitter->learned();
  const size_t most = fitter->limits().max_linear_products;
  const bool all_linear =
      LinearProducts(learned.baskets, learned.purchases.skus.size(), most).size() < most;
  if (all_linear) return absl::OkStatus();
  return Choose(kCosineScales, 0, &settings->cosine_scale, &weighted, measure("blend"));
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

absl::Status TuneWeights(const Learned& learned, const TestPeriod& period, const Wanted& wanted,
                         products::TaskModel* completion, products::TaskModel* next_basket) {
  const ProductModel frame = FrameOf(learned);
  completion->weights = {};
  if (!period.cases.completion.empty()) {
    const TestPeriod anonymous = AnonymousPeriod(period);
    const auto measure_in = [&](const TestPeriod& measured_period) {
      return [&]() -> absl::StatusOr<double> {
        const auto measured =
            MeasureCompletion(ProductScorer(frame, *completion), measured_period, wanted);
        if (!measured.ok()) return measured.status();
        return measured->ndcg.value;
      };
    };
    absl::Status status =
        TuneTask(AnonymousParameters(), &completion->weights, measure_in(anonymous));
    if (!status.ok()) return status;
    status = TuneTask(PersonalParameters(), &completion->weights, measure_in(period));
    if (!status.ok()) return status;
  }
  next_basket->weights = {.own = 1, .popular = kTieBreak};
  if (period.cases.next_basket.empty()) return absl::OkStatus();
  return TuneTask(NextBasketParameters(), &next_basket->weights, [&]() -> absl::StatusOr<double> {
    const auto measured =
        MeasureNextBasket(ProductScorer(frame, *next_basket), false, period, wanted);
    if (!measured.ok()) return measured.status();
    return measured->quality();
  });
}

absl::StatusOr<Settings> Tune(LinkFitter* fitter, const TestPeriod& period,
                              const std::function<void(double share)>& advance) {
  Settings settings;
  if (!period.cases.completion.empty()) {
    absl::Status status = ChooseLinks(fitter, period, advance, &settings);
    if (!status.ok()) return status;
  }
  auto completion = FitCompletion(fitter, kBlend, settings);
  if (!completion.ok()) return completion.status();
  auto next_basket = FitNextBasket(fitter, kBlend, settings);
  if (!next_basket.ok()) return next_basket.status();
  absl::Status status = TuneWeights(fitter->learned(), period, fitter->wanted(), &completion->task,
                                    &next_basket->task);
  if (!status.ok()) return status;
  settings.completion = completion->task.weights;
  settings.next_basket = next_basket->task.weights;
  advance(1);
  return settings;
}

}  // namespace clustr::training
