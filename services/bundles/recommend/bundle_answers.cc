#include "services/bundles/recommend/bundle_answers.h"

#include "services/bundles/bundle_model/bundle_rates.h"
#include "services/bundles/bundle_model/rate_search.h"
#include "services/bundles/scoring/bundle_scorer.h"
#include "services/bundles/scoring/bundle_search.h"

namespace clustr::bundles {

absl::StatusOr<std::vector<scoring::ScoredBundle>> SearchBundles(const PopulationView& population,
                                                                 const BundleScoring& model,
                                                                 const scoring::BundleQuery& query,
                                                                 scoring::Wanted wanted) {
  if (model) {
    const auto tables = population.rates(model->half_life_days);
    return bundle_model::RecommendByRate(population.shop(), population.selection(), *tables, *model,
                                         query, wanted);
  }
  if (!population.reference().ok()) return population.reference().status();
  return scoring::RecommendBundles(population.shop(), population.selection(),
                                   *population.reference(), &population.rarer(), query, wanted);
}

absl::Status WithScorer(const PopulationView& population, const BundleScoring& model,
                        absl::FunctionRef<absl::Status(ScoreOne score)> use) {
  if (model) {
    const auto tables = population.rates(model->half_life_days);
    const bundle_model::BundleRates rates(population.shop(), population.selection(), *tables,
                                          *model);
    return use([&](absl::Span<const mining::Item> items) { return rates.Score(items); });
  }
  scoring::BundleScorer scorer(population.shop(), population.selection(), *population.reference());
  return use([&](absl::Span<const mining::Item> items) { return scorer.Score(items); });
}

}  // namespace clustr::bundles
