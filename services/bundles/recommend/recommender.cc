#include "services/bundles/recommend/recommender.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "common/base/status_macros.h"
#include "services/bundles/recommend/bundle_explainer.h"
#include "services/bundles/recommend/bundle_scores.h"
#include "services/bundles/recommend/recommendation_message.h"
#include "services/bundles/recommend/scoring_query.h"
#include "services/bundles/recommend/shortfalls.h"
#include "services/bundles/scoring/bundle_search.h"
#include "services/bundles/scoring/product_search.h"

namespace clustr::bundles {
namespace {

constexpr int32_t kFewProducts = 50;

using BestBundles = std::vector<scoring::ScoredBundle>;

absl::Status TooManyBundles() {
  return MakeError(common::v1::ERROR_REASON_RESULT_LIMIT,
                   "too many bundles meet these constraints to search them all; raise "
                   "constraints.min_support or constraints.min_count, or lower "
                   "constraints.max_items");
}

absl::Status TooManyPairs() {
  return MakeError(common::v1::ERROR_REASON_RESULT_LIMIT,
                   "too many pairs of products were bought together in this population to score "
                   "bundles by them; choose a smaller population, or a far larger one");
}

// The bundles that the model answers `query` with, best first.
absl::StatusOr<BestBundles> Search(const PopulationView& population,
                                   const scoring::BundleQuery& query, scoring::Wanted wanted) {
  if (!population.reference().ok()) return TooManyPairs();
  absl::StatusOr<BestBundles> bundles = scoring::RecommendBundles(
      population.shop(), population.selection(), *population.reference(), query, wanted);
  if (absl::IsResourceExhausted(bundles.status())) return TooManyBundles();
  return bundles;
}

}  // namespace

void Recommender::Check(const v1::RecommendBundlesRequest& request,
                        std::vector<Violation>* violations) {
  CheckConstraints(request.constraints(), "constraints", violations);
}

void Recommender::Check(const v1::RecommendProductsRequest& request,
                        std::vector<Violation>* violations) {
  CheckConstraints(request.constraints(), "constraints", violations);
}

void Recommender::Check(const v1::ExplainBundleRequest& request,
                        std::vector<Violation>* violations) {
  CheckConstraints(request.request().constraints(), "request.constraints", violations);
}

template <class Call, class Answer>
void Recommender::Run(Call* call, const std::string& model_id, Answer answer) {
  if (const auto model = parts_.models.Find(model_id); !model.ok()) {
    return call->Reply(model.status());
  }
  WhenVisible(parts_, call, parts_.calls.searches, [call, answer = std::move(answer)] {
    call->Reply(answer([call] { return call->Wanted(); }));
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

void Recommender::Products(ProductsCall* call) {
  if (const auto model = parts_.models.Find(call->request().model_id()); !model.ok()) {
    return call->Reply(model.status());
  }
  const bool is_quick = !call->request().has_population();
  WhenVisible(parts_, call, is_quick ? parts_.calls.reads : parts_.calls.lookups, [this, call] {
    RecommendProducts(call->request(), &call->response());
    call->Reply(absl::OkStatus());
  });
}

bool Recommender::ProductsAtHand(const v1::RecommendProductsRequest& request,
                                 v1::RecommendProductsResponse* response) {
  const StatePtr state = parts_.states.newest();
  if (state == nullptr || !state->revisions.Covers(RevisionsOf(request))) return false;
  const bool is_small = request.basket_skus_size() <= kFewProducts &&
                        request.limit() <= kFewProducts && !request.has_population() &&
                        !request.has_customer_id() && !request.has_constraints() &&
                        request.model_id().empty();
  if (!is_small) return false;
  for (const int64_t sku : request.basket_skus()) {
    const std::optional<mining::Item> item = state->shop->item_of(sku);
    if (item && co_counts_.Find(*state->shop, *item) == nullptr) return false;
  }
  RecommendProducts(request, response);
  return true;
}

absl::Status Recommender::RecommendBundles(const v1::RecommendBundlesRequest& request,
                                           scoring::Wanted wanted,
                                           v1::RecommendBundlesResponse* response) {
  const StatePtr state = parts_.states.newest();
  CLUSTR_ASSIGN_OR_RETURN(const scoring::BundleQuery query, BundleQueryOf(*state->shop, request));
  const auto population = parts_.populations.Get(state, PopulationOf(*state->shop, request));
  CLUSTR_ASSIGN_OR_RETURN(const BestBundles bundles, Search(*population, query, wanted));
  for (const scoring::ScoredBundle& bundle : bundles) {
    std::vector<int64_t> skus;
    for (const mining::Item item : bundle.items) skus.push_back(state->shop->sku_of(item));
    FillBundle(*state->shop, skus, bundle, response->add_recommendations());
  }
  CLUSTR_RETURN_IF_ERROR(AddShortfalls(*population, request, wanted, response));
  FillScored(*population, request.model_id(), response->mutable_provenance());
  return absl::OkStatus();
}

void Recommender::RecommendProducts(const v1::RecommendProductsRequest& request,
                                    v1::RecommendProductsResponse* response) {
  const StatePtr state = parts_.states.newest();
  const auto population = parts_.populations.Get(state, PopulationOf(request.population()));
  const scoring::ProductQuery query = ProductQueryOf(*state->shop, request);
  for (const scoring::ScoredProduct& product : scoring::RecommendProducts(
           *state->shop, population->selection(), population->item_counts(), query, co_counts_)) {
    FillProduct(*state->shop, product, response->add_recommendations());
  }
  AddShortfalls(*state->shop, request, query.limit, response);
  FillScored(*population, request.model_id(), response->mutable_provenance());
}

absl::Status Recommender::ScoreBundles(const v1::ScoreBundlesRequest& request,
                                       scoring::Wanted wanted, v1::ScoreBundlesResponse* response) {
  const auto population =
      parts_.populations.Get(parts_.states.newest(), PopulationOf(request.population()));
  if (!population->reference().ok()) return TooManyPairs();
  CLUSTR_RETURN_IF_ERROR(bundles::ScoreBundles(*population, request, wanted, response));
  FillScored(*population, request.model_id(), response->mutable_provenance());
  return absl::OkStatus();
}

absl::Status Recommender::ExplainBundle(const v1::ExplainBundleRequest& request,
                                        scoring::Wanted wanted,
                                        v1::ExplainBundleResponse* response) {
  const StatePtr state = parts_.states.newest();
  const v1::RecommendBundlesRequest& asked = request.request();
  CLUSTR_ASSIGN_OR_RETURN(const scoring::BundleQuery query, BundleQueryOf(*state->shop, asked));
  const auto population = parts_.populations.Get(state, PopulationOf(*state->shop, asked));
  CLUSTR_ASSIGN_OR_RETURN(const BestBundles answer, Search(*population, query, wanted));
  bundles::ExplainBundle(*population, query, answer, request, response);
  FillScored(*population, asked.model_id(), response->mutable_provenance());
  return absl::OkStatus();
}

void Recommender::FillScored(const PopulationView& population, const std::string& model_id,
                             v1::Provenance* provenance) {
  FillProvenance(parts_, population.state().revisions, population.selection().basket_count,
                 provenance);
  provenance->set_model_id((*parts_.models.Find(model_id))->model_id());
}

}  // namespace clustr::bundles
