#include "services/bundles/train/model_info.h"

#include <functional>
#include <string>
#include <utility>

#include "common/schema/date.h"
#include "services/bundles/products/product_parts.h"
#include "services/bundles/products/ranker/line_features.h"
#include "services/bundles/products/ranker/ranker_features.h"

namespace clustr::bundles {
namespace {

using training::BundleMeasures;
using training::Mean;
using training::MeasuredCandidate;
using training::TaskResult;
using MeanOf = std::function<Mean(const MeasuredCandidate&)>;

bool IsTuned(const MeasuredCandidate& candidate) {
  return candidate.name == training::kBlend || candidate.name == training::kRanker ||
         candidate.name == training::kLine;
}

// One measure of the champion beside the same measure of all other candidates and, if it was not
// tuned, of itself. The best of them is named, but for tuned ones that are less simple than it.
void AddMetric(const std::string& name, const TaskResult& result, const MeanOf& mean_of,
               v1::Model* model) {
  if (result.case_count == 0) return;
  v1::ModelMetric* metric = model->add_metrics();
  metric->set_name(name);
  metric->set_case_count(static_cast<int64_t>(result.case_count));
  bool is_simpler = true;
  for (const MeasuredCandidate& candidate : result.candidates) {
    const Mean mean = mean_of(candidate);
    if (candidate.name == result.champion) {
      is_simpler = false;
      metric->set_value(mean.value);
      metric->set_standard_error(mean.standard_error);
      if (IsTuned(candidate)) continue;
    }
    v1::BaselineMetric* baseline = metric->add_baselines();
    baseline->set_name(candidate.name);
    baseline->set_value(mean.value);
    baseline->set_standard_error(mean.standard_error);
    if (IsTuned(candidate) && !is_simpler) continue;
    if (metric->baseline().empty() || mean.value > metric->baseline_value()) {
      metric->set_baseline(candidate.name);
      metric->set_baseline_value(mean.value);
    }
  }
}

void AddMetrics(const std::string& task, const TaskResult& result, v1::Model* model) {
  AddMetric(
      task + ".ndcg_at_10", result, [](const auto& m) { return m.measures.ndcg; }, model);
  AddMetric(
      task + ".recall_at_10", result, [](const auto& m) { return m.measures.recall; }, model);
  AddMetric(
      task + ".hit_at_10", result, [](const auto& m) { return m.measures.hit; }, model);
  AddMetric(
      task + ".mrr_at_10", result, [](const auto& m) { return m.measures.mrr; }, model);
  AddMetric(
      task + ".coverage_at_10", result,
      [](const auto& m) {
        return Mean{m.measures.coverage, 0};
      },
      model);
}

void AddChampion(const std::string& task, const TaskResult& result, v1::Model* model) {
  v1::ModelChampion* champion = model->add_champions();
  champion->set_task(task);
  champion->set_method(result.champion);
}

// One measure of the method that serves bundles beside the same measure of the others.
void AddBundleMetric(const std::string& name, const training::TrainedBundles& trained,
                     Mean BundleMeasures::*measure, v1::Model* model) {
  const bool is_error =
      measure == &BundleMeasures::brier || measure == &BundleMeasures::calibration_error;
  v1::ModelMetric metric;
  metric.set_name(name);
  metric.set_case_count(static_cast<int64_t>(trained.case_count));
  for (const training::MeasuredBundles& method : trained.methods) {
    if (is_error && !method.has_probability) continue;
    const Mean mean = method.measures.*measure;
    if (method.name == trained.champion) {
      metric.set_value(mean.value);
      metric.set_standard_error(mean.standard_error);
    }
    if (method.name == training::kRates) continue;
    v1::BaselineMetric* baseline = metric.add_baselines();
    baseline->set_name(method.name);
    baseline->set_value(mean.value);
    baseline->set_standard_error(mean.standard_error);
    const bool is_best =
        is_error ? mean.value < metric.baseline_value() : mean.value > metric.baseline_value();
    if (metric.baseline().empty() || is_best) {
      metric.set_baseline(method.name);
      metric.set_baseline_value(mean.value);
    }
  }
  if (!trained.methods.empty()) *model->add_metrics() = std::move(metric);
}

// The calibration of the trained method, if it serves.
void AddCalibration(const training::TrainedBundles& trained, v1::Model* model) {
  for (const training::MeasuredBundles& method : trained.methods) {
    if (!trained.model || method.name != trained.champion) continue;
    for (const training::CalibrationBin& bin : method.measures.bins) {
      v1::CalibrationBin* added = model->add_calibration();
      added->set_lower(bin.lower);
      added->set_predicted(bin.predicted);
      added->set_observed(bin.observed);
      added->set_count(static_cast<int64_t>(bin.count));
    }
  }
}

}  // namespace

v1::Model ModelInfoOf(const training::TrainedProducts& trained,
                      const training::Purchases& purchases, int64_t sales_revision, int64_t seed) {
  v1::Model model;
  model.set_sales_revision(sales_revision);
  model.set_split_date(schema::DateText(trained.split_day));
  model.set_end_date(schema::DateText(purchases.days.back()));
  model.set_basket_count(static_cast<int64_t>(purchases.size()));
  model.set_seed(seed);
  for (const char* feature : products::kProductFeatures) model.add_features(feature);
  if (trained.model.completion.ranker) {
    for (const char* feature : products::kRankerFeatures) model.add_features(feature);
    model.add_features(products::kTreesBase);
    model.add_features(products::kTreesEstimate);
  }
  if (trained.model.next_basket.ranker) {
    for (const char* feature : products::kLineFeatures) model.add_features(feature);
    model.add_features(products::kLineEstimate);
  }
  AddChampion("products", trained.completion, &model);
  AddChampion("next_basket", trained.next_basket, &model);
  AddMetrics("products", trained.completion, &model);
  AddMetric(
      "products.anonymous_ndcg_at_10", trained.completion,
      [](const auto& m) { return m.anonymous.ndcg; }, &model);
  AddMetrics("next_basket", trained.next_basket, &model);
  return model;
}

void AddBundles(const training::TrainedBundles& trained, v1::Model* model) {
  v1::ModelChampion* champion = model->add_champions();
  champion->set_task("bundles");
  champion->set_method(trained.champion);
  if (trained.model) {
    model->set_horizon_days(trained.model->horizon_days);
    for (const char* feature : bundle_model::kFeatures) model->add_features(feature);
  }
  AddCalibration(trained, model);
  AddBundleMetric("bundles.ndcg_at_100", trained, &BundleMeasures::ndcg, model);
  AddBundleMetric("bundles.average_precision", trained, &BundleMeasures::average_precision, model);
  AddBundleMetric("bundles.precision_at_50", trained, &BundleMeasures::precision, model);
  AddBundleMetric("bundles.brier", trained, &BundleMeasures::brier, model);
  AddBundleMetric("bundles.calibration_error", trained, &BundleMeasures::calibration_error, model);
}

}  // namespace clustr::bundles
