#include "services/bundles/recommend/bundle_explainer.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/status_macros.h"
#include "services/bundles/bundle_model/bundle_rates.h"
#include "services/bundles/index/queries.h"
#include "services/bundles/recommend/bounds/broken_bounds.h"
#include "services/bundles/recommend/bundle_scores.h"
#include "services/bundles/recommend/recommendation_message.h"
#include "services/bundles/rules/rule_message.h"
#include "services/bundles/rules/rule_order.h"
#include "services/bundles/rules/sku_rules.h"
#include "services/bundles/scoring/bundle_scorer.h"
#include "services/bundles/scoring/heuristic.h"

namespace clustr::bundles {
namespace {

// The elements of `all` whose bits are set in `mask`.
template <class T>
std::vector<T> Pick(const std::vector<T>& all, uint32_t mask) {
  std::vector<T> picked;
  for (size_t i = 0; i < all.size(); ++i) {
    if (mask >> i & 1) picked.push_back(all[i]);
  }
  return picked;
}

// The rules of every split of every subset of the bundle.
rules::SkuRules RulesInside(const PopulationView& population, const BroughtBundle& bundle) {
  const uint32_t all = (1u << bundle.skus.size()) - 1;
  std::vector<int64_t> counts(all + 1);
  for (uint32_t set = 1; set <= all; ++set) {
    counts[set] = index::Count(population.shop(), population.selection(), Pick(bundle.items, set));
  }
  rules::SkuRules found(population.selection().basket_count);
  for (uint32_t set = 1; set <= all; ++set) {
    for (uint32_t left = (set - 1) & set; left != 0; left = (left - 1) & set) {
      const uint32_t right = set & ~left;
      found.Add(Pick(bundle.skus, left), Pick(bundle.skus, right),
                {.count_a = counts[left], .count_b = counts[right], .count_ab = counts[set]});
    }
  }
  return found;
}

void AddPart(const char* feature, double value, double contribution,
             v1::ExplainBundleResponse* response) {
  v1::ScorePart* part = response->add_parts();
  part->set_feature(feature);
  part->set_value(value);
  part->set_contribution(contribution);
}

// These functions add the parts of the score, and return the scored bundle.
absl::StatusOr<scoring::ScoredBundle> AddHeuristicParts(const PopulationView& population,
                                                        const BroughtBundle& bundle,
                                                        scoring::Wanted wanted,
                                                        v1::ExplainBundleResponse* response) {
  CLUSTR_ASSIGN_OR_RETURN(const PopulationView::ReferencePtr reference,
                          population.reference(wanted));
  scoring::BundleScorer scorer(population.shop(), population.selection(), *reference);
  const scoring::PairMeasures parts = scorer.Parts(bundle.items);
  response->set_bias(-scoring::kSlope * scoring::kCentre);
  for (const scoring::HeuristicFeature& feature : scoring::HeuristicFeatures()) {
    const double value = parts.*feature.measure;
    AddPart(feature.name, value, scoring::kSlope * (scoring::kWeights.*feature.measure) * value,
            response);
  }
  return scorer.Score(bundle.items);
}

absl::StatusOr<scoring::ScoredBundle> AddParts(const PopulationView& population,
                                               const bundle_model::BundleModel& model,
                                               const BroughtBundle& bundle,
                                               v1::ExplainBundleResponse* response) {
  const auto tables = population.rates(model.shape);
  const bundle_model::BundleRates rates(population.shop(), population.selection(), *tables, model);
  const bundle_model::BundleEvidence evidence = rates.EvidenceOf(bundle.items);
  AddPart(bundle_model::kFeatures[0], evidence.recent, model.PurchasePart(evidence), response);
  AddPart(bundle_model::kFeatures[1], evidence.chance, model.ChancePart(evidence), response);
  return rates.Score(bundle.items);
}

// The log-odds of a score of heuristic-v0. That of an unlike product is 0, whose log-odds no number
// shows.
double LogOdds(double score) {
  const double shown = std::max(score, std::numeric_limits<double>::min());
  return std::log(shown / (1 - shown));
}

// Explains a result of SearchByLikeness: its score is no sum of features, but that of another
// bundle times the likeness.
void AddLikenessPart(const BundleScoring& model, const scoring::ScoredBundle& result,
                     v1::ExplainBundleResponse* response) {
  const double bias = model ? 0 : -scoring::kSlope * scoring::kCentre;
  const double raw = model ? result.score : LogOdds(result.score);
  response->set_bias(bias);
  AddPart("likeness", *result.likeness, raw - bias, response);
}

}  // namespace

absl::Status ExplainBundle(const PopulationView& population, const BundleScoring& model,
                           bool is_wider, const scoring::BundleQuery& query,
                           absl::Span<const scoring::ScoredBundle> answer,
                           const v1::ExplainBundleRequest& request, scoring::Wanted wanted,
                           v1::ExplainBundleResponse* response) {
  const index::Snapshot& shop = population.shop();
  const BroughtBundle bundle = BundleOf(shop, request.bundle());
  const auto place = std::find_if(
      answer.begin(), answer.end(),
      [&](const scoring::ScoredBundle& result) { return result.items == bundle.items; });
  scoring::ScoredBundle scored;
  if (place != answer.end() && place->likeness) {
    scored = *place;
    AddLikenessPart(model, scored, response);
  } else {
    CLUSTR_ASSIGN_OR_RETURN(scored, model
                                        ? AddParts(population, *model, bundle, response)
                                        : AddHeuristicParts(population, bundle, wanted, response));
  }
  FillBundle(shop, bundle.skus, scored, is_wider, response->mutable_recommendation());
  if (place != answer.end()) {
    response->set_rank(place - answer.begin() + 1);
  } else {
    for (std::string& field : BrokenBounds(shop, query, answer, scored)) {
      response->add_excluded_by(std::move(field));
    }
  }

  const rules::SkuRules inside = RulesInside(population, bundle);
  for (const uint32_t i : rules::SortRules(inside, {{rules::RuleField::kLift, true}})) {
    v1::BundleRule* rule = response->add_rules();
    rules::FillRule(inside, i, rule);
    rules::AddShopIds(&shop, rule);
    rules::AddDetails(&shop, rule);
  }
  return absl::OkStatus();
}

}  // namespace clustr::bundles
