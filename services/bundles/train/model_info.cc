#include "services/bundles/train/model_info.h"

#include <functional>
#include <string>

#include "common/schema/date.h"

namespace clustr::bundles {
namespace {

using training::Mean;
using training::MeasuredCandidate;
using training::TaskResult;
using MeanOf = std::function<Mean(const MeasuredCandidate&)>;

// One measure of the champion beside the same measure of all other candidates but the tuned blend.
void AddMetric(const std::string& name, const TaskResult& result, const MeanOf& mean_of,
               v1::Model* model) {
  if (result.case_count == 0) return;
  v1::ModelMetric* metric = model->add_metrics();
  metric->set_name(name);
  metric->set_case_count(static_cast<int64_t>(result.case_count));
  for (const MeasuredCandidate& candidate : result.candidates) {
    const Mean mean = mean_of(candidate);
    if (candidate.name == result.champion) {
      metric->set_value(mean.value);
      metric->set_standard_error(mean.standard_error);
    }
    if (candidate.name == training::kBlend) continue;
    v1::BaselineMetric* baseline = metric->add_baselines();
    baseline->set_name(candidate.name);
    baseline->set_value(mean.value);
    baseline->set_standard_error(mean.standard_error);
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

}  // namespace

v1::Model ModelInfoOf(const training::TrainedProducts& trained,
                      const training::Purchases& purchases, int64_t sales_revision, int64_t seed) {
  v1::Model model;
  model.set_sales_revision(sales_revision);
  model.set_split_date(schema::DateText(trained.split_day));
  model.set_end_date(schema::DateText(purchases.days.back()));
  model.set_basket_count(static_cast<int64_t>(purchases.size()));
  model.set_seed(seed);
  for (const char* feature :
       {"basket_links", "own_purchases", "similar_customers", "recent_popularity", "popularity"}) {
    model.add_features(feature);
  }
  AddChampion("products", trained.completion, &model);
  AddChampion("next_basket", trained.next_basket, &model);
  AddMetrics("products", trained.completion, &model);
  AddMetric(
      "products.anonymous_ndcg_at_10", trained.completion,
      [](const auto& m) { return m.anonymous_ndcg; }, &model);
  AddMetrics("next_basket", trained.next_basket, &model);
  return model;
}

}  // namespace clustr::bundles
