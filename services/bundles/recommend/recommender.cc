#include "services/bundles/recommend/recommender.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/bundles/recommend/bundle_answers.h"
#include "services/bundles/recommend/bundle_explainer.h"
#include "services/bundles/recommend/bundle_scores.h"
#include "services/bundles/recommend/cold_bundles.h"
#include "services/bundles/recommend/purchased.h"
#include "services/bundles/recommend/recommendation_message.h"
#include "services/bundles/recommend/scored_answer.h"
#include "services/bundles/recommend/scoring_query.h"
#include "services/bundles/recommend/search_limit.h"
#include "services/bundles/recommend/shortfalls.h"

namespace clustr::bundles {
namespace {

using BestBundles = std::vector<scoring::ScoredBundle>;

absl::Status TooManyPairs() {
  return MakeError(common::v1::ERROR_REASON_RESULT_LIMIT,
                   "too many pairs of products were bought together in this population to score "
                   "bundles by them; choose a smaller population, or a far larger one");
}

// OK once the reference pairs of the population are known.
absl::Status HasReference(const PopulationView& population, scoring::Wanted wanted) {
  const absl::Status known = population.reference(wanted).status();
  return absl::IsResourceExhausted(known) ? TooManyPairs() : known;
}

// The model that scores bundles for a request: heuristic-v0, unless its model has learned to score
// bundles.
ModelPtr BundleModelFor(const Parts& parts, const std::string& model_id,
                        const std::string& traffic_key) {
  ModelPtr model = ModelFor(parts, model_id, traffic_key);
  return model->bundles ? model : *parts.models.Find(kHeuristic);
}

// The bundles that the model answers `query` with, best first. If there are none, and an anchor was
// hardly or never sold, those of similar products.
absl::StatusOr<BestBundles> Search(const PopulationView& population, const BundleScoring& model,
                                   const scoring::BundleQuery& query, scoring::Wanted wanted) {
  if (!model) CLUSTR_RETURN_IF_ERROR(HasReference(population, wanted));
  absl::StatusOr<BestBundles> bundles = SearchBundles(population, model, query, wanted);
  if (absl::IsResourceExhausted(bundles.status())) return SearchLimitError(query);
  const bool says_nothing = bundles.ok() && bundles->empty();
  if (!says_nothing || !HasColdAnchor(population.shop(), query)) return bundles;
  return SearchByLikeness(population, model, query, wanted);
}

// `path` is that of the request, with a dot behind it unless it is empty.
void CheckBundles(const v1::RecommendBundlesRequest& request, const std::string& path,
                  std::vector<Violation>* violations) {
  const v1::BundleConstraints& constraints = request.constraints();
  CheckConstraints(constraints, path + "constraints", NamesCustomer(request), violations);
  const int anchors = request.anchor_skus_size();
  if (!constraints.has_max_items() || anchors <= constraints.max_items()) return;
  violations->push_back(
      {path + "constraints.max_items",
       absl::StrCat(constraints.max_items(), " allows no bundle with the ", anchors,
                    " products of anchor_skus; raise it, or name fewer products")});
}

}  // namespace

void Recommender::Check(const v1::RecommendBundlesRequest& request,
                        std::vector<Violation>* violations) {
  CheckBundles(request, "", violations);
}

void Recommender::Check(const v1::ExplainBundleRequest& request,
                        std::vector<Violation>* violations) {
  CheckBundles(request.request(), "request.", violations);
}

template <class Call, class Answer>
void Recommender::Run(Call* call, const std::string& model_id, Answer answer) {
  parts_.models.WhenKnown(
      {model_id}, [this, call, answer = std::move(answer)](const absl::Status& known) {
        if (!known.ok()) return call->Reply(known);
        WhenVisible(parts_, call, parts_.calls.searches,
                    [call, answer] { call->Reply(answer([call] { return call->Wanted(); })); });
      });
}

void Recommender::Bundles(BundlesCall* call) {
  Run(call, call->request().model_id(), [this, call](scoring::Wanted wanted) {
    return RecommendBundles(call->request(), wanted, &call->response());
  });
}

void Recommender::Score(ScoreCall* call) {
  Run(call, call->request().model_id(), [this, call](scoring::Wanted wanted) {
    return ScoreBundles(call->request(), wanted, &call->response());
  });
}

void Recommender::Explain(ExplainCall* call) {
  Run(call, call->request().request().model_id(), [this, call](scoring::Wanted wanted) {
    return ExplainBundle(call->request(), wanted, &call->response());
  });
}

absl::Status Recommender::RecommendBundles(const v1::RecommendBundlesRequest& asked,
                                           scoring::Wanted wanted,
                                           v1::RecommendBundlesResponse* response) {
  const StatePtr state = parts_.states.newest();
  CLUSTR_ASSIGN_OR_RETURN(const auto by_id, ById<Recommender>(*state->shop, asked));
  const v1::RecommendBundlesRequest& request = *by_id;
  by_id.unknown().Fill(response);
  const AskedOf server = {parts_.calls.max_search_steps(), Today()};
  CLUSTR_ASSIGN_OR_RETURN(const scoring::BundleQuery query,
                          BundleQueryOf(*state->shop, request, server));
  const CustomerPopulation narrowed = PopulationFor(*state->shop, request);
  const auto population = parts_.populations.Get(state, PopulationOf(narrowed.population));
  const ModelPtr model = BundleModelFor(parts_, request.model_id(), TrafficKeyOf(request));
  CLUSTR_ASSIGN_OR_RETURN(const BestBundles bundles,
                          Search(*population, model->bundles, query, wanted));
  for (const scoring::ScoredBundle& bundle : bundles) {
    std::vector<int64_t> skus;
    for (const mining::Item item : bundle.items) skus.push_back(state->shop->sku_of(item));
    FillBundle(*state->shop, skus, bundle, narrowed.is_wider, response->add_recommendations());
  }
  CLUSTR_RETURN_IF_ERROR(AddShortfalls(&parts_.populations, *population, model->bundles, request,
                                       narrowed.population, query, server.today, wanted, response));
  FillScored(parts_, *population, model->info.model_id(), response->mutable_provenance());
  return absl::OkStatus();
}

absl::Status Recommender::ScoreBundles(const v1::ScoreBundlesRequest& asked, scoring::Wanted wanted,
                                       v1::ScoreBundlesResponse* response) {
  const StatePtr state = parts_.states.newest();
  CLUSTR_ASSIGN_OR_RETURN(const auto by_id, ById<Recommender>(*state->shop, asked));
  const v1::ScoreBundlesRequest& request = *by_id;
  const auto population = parts_.populations.Get(state, PopulationOf(request.population()));
  const ModelPtr model = BundleModelFor(parts_, request.model_id(), "");
  if (!model->bundles) CLUSTR_RETURN_IF_ERROR(HasReference(*population, wanted));
  CLUSTR_RETURN_IF_ERROR(
      bundles::ScoreBundles(*population, model->bundles, request, wanted, response));
  FillScored(parts_, *population, model->info.model_id(), response->mutable_provenance());
  return absl::OkStatus();
}

absl::Status Recommender::ExplainBundle(const v1::ExplainBundleRequest& explained,
                                        scoring::Wanted wanted,
                                        v1::ExplainBundleResponse* response) {
  const StatePtr state = parts_.states.newest();
  CLUSTR_ASSIGN_OR_RETURN(const auto by_id, ById<Recommender>(*state->shop, explained));
  const v1::ExplainBundleRequest& request = *by_id;
  by_id.unknown().Fill(response);
  const v1::RecommendBundlesRequest& asked = request.request();
  const AskedOf server = {parts_.calls.max_search_steps(), Today()};
  CLUSTR_ASSIGN_OR_RETURN(const scoring::BundleQuery query,
                          BundleQueryOf(*state->shop, asked, server));
  const CustomerPopulation narrowed = PopulationFor(*state->shop, asked);
  const auto population = parts_.populations.Get(state, PopulationOf(narrowed.population));
  const ModelPtr model = BundleModelFor(parts_, asked.model_id(), TrafficKeyOf(asked));
  CLUSTR_ASSIGN_OR_RETURN(const BestBundles answer,
                          Search(*population, model->bundles, query, wanted));
  CLUSTR_RETURN_IF_ERROR(bundles::ExplainBundle(*population, model->bundles, narrowed.is_wider,
                                                query, answer, request, wanted, response));
  FillScored(parts_, *population, model->info.model_id(), response->mutable_provenance());
  return absl::OkStatus();
}

}  // namespace clustr::bundles
