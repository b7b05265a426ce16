#include "services/bundles/recommend/bundle_answers.h"

#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"
#include "services/bundles/bundle_model/bundle_rates.h"
#include "services/bundles/bundle_model/rate_search.h"
#include "services/bundles/scoring/bundle_scorer.h"
#include "services/bundles/scoring/bundle_search.h"

namespace clustr::bundles {

namespace {

using Bundles = std::vector<scoring::ScoredBundle>;

// Takes max_overlap for a bound; see scoring::RecommendBundles.
absl::StatusOr<Bundles> SearchBounded(const PopulationView& population, const BundleScoring& model,
                                      const scoring::BundleQuery& query, scoring::Wanted wanted,
                                      scoring::Overlapping* overlapping) {
  if (model) {
    const auto tables = population.rates(model->shape);
    return bundle_model::RecommendByRate(population.shop(), population.selection(), *tables, *model,
                                         query, wanted, overlapping);
  }
  CLUSTR_ASSIGN_OR_RETURN(const PopulationView::ReferencePtr reference,
                          population.reference(wanted));
  return scoring::RecommendBundles(population.shop(), population.selection(), *reference,
                                   &population.rarer(), query, wanted, overlapping);
}

// Adds the best of `others` that are not in `bundles` until there are `limit`, and restores the
// order.
void FillUp(const index::Snapshot& shop, Bundles others, size_t limit, Bundles* bundles) {
  const size_t chosen = bundles->size();
  for (scoring::ScoredBundle& other : others) {
    if (bundles->size() == limit) break;
    const auto end = bundles->begin() + static_cast<ptrdiff_t>(chosen);
    const bool is_chosen = std::any_of(
        bundles->begin(), end, [&](const auto& bundle) { return bundle.items == other.items; });
    if (!is_chosen) bundles->push_back(std::move(other));
  }
  std::sort(bundles->begin(), bundles->end(), [&](const auto& a, const auto& b) {
    if (a.score != b.score) return a.score > b.score;
    return std::lexicographical_compare(
        a.items.begin(), a.items.end(), b.items.begin(), b.items.end(),
        [&](mining::Item x, mining::Item y) { return shop.sku_of(x) < shop.sku_of(y); });
  });
}

}  // namespace

absl::StatusOr<Bundles> SearchBundles(const PopulationView& population, const BundleScoring& model,
                                      const scoring::BundleQuery& query, scoring::Wanted wanted) {
  scoring::Overlapping overlapping;
  absl::StatusOr<Bundles> bundles = SearchBounded(population, model, query, wanted, &overlapping);
  if (!query.max_overlap || !query.overlap_is_preference) return bundles;
  const bool gave_up = absl::IsResourceExhausted(bundles.status());
  if (!bundles.ok() && !gave_up) return bundles;
  if (bundles.ok() && bundles->size() >= query.limit) return bundles;
  if (!overlapping) {
    scoring::BundleQuery any = query;
    any.max_overlap.reset();
    absl::StatusOr<Bundles> others = SearchBounded(population, model, any, wanted, nullptr);
    if (!others.ok()) return others;
    overlapping = *std::move(others);
  }
  if (gave_up) return *std::move(overlapping);
  FillUp(population.shop(), *std::move(overlapping), query.limit, &*bundles);
  return bundles;
}

absl::Status WithScorer(const PopulationView& population, const BundleScoring& model,
                        scoring::Wanted wanted,
                        absl::FunctionRef<absl::Status(ScoreOne score)> use) {
  if (model) {
    const auto tables = population.rates(model->shape);
    const bundle_model::BundleRates rates(population.shop(), population.selection(), *tables,
                                          *model);
    return use([&](absl::Span<const mining::Item> items) { return rates.Score(items); });
  }
  CLUSTR_ASSIGN_OR_RETURN(const PopulationView::ReferencePtr reference,
                          population.reference(wanted));
  scoring::BundleScorer scorer(population.shop(), population.selection(), *reference);
  return use([&](absl::Span<const mining::Item> items) { return scorer.Score(items); });
}

}  // namespace clustr::bundles
