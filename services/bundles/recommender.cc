#include "services/bundles/recommender.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/bundles/recommendation_message.h"
#include "services/bundles/scoring/bundle_search.h"
#include "services/bundles/scoring/product_search.h"
#include "services/bundles/scoring_query.h"

namespace clustr::bundles {
namespace {

absl::Status TooManyBundles() {
  return MakeError(absl::StatusCode::kResourceExhausted, "RESULT_LIMIT",
                   "too many bundles are within these bounds to search them all; raise "
                   "constraints.min_support or constraints.min_count, or lower "
                   "constraints.max_items");
}

}  // namespace

void Recommender::Check(const v1::RecommendBundlesRequest& request,
                        std::vector<Violation>* violations) {
  CheckConstraints(request.constraints(), violations);
}

void Recommender::Check(const v1::RecommendProductsRequest& request,
                        std::vector<Violation>* violations) {
  CheckConstraints(request.constraints(), violations);
}

void Recommender::Bundles(BundlesCall* call) {
  if (const auto model = serving_.models.Find(call->request().model_id()); !model.ok()) {
    return call->Reply(model.status());
  }
  WhenVisible(serving_, call, [this, call] {
    Compute(serving_, call,
            [this, call] { return RecommendBundles(call->request(), &call->response()); });
  });
}

void Recommender::Products(ProductsCall* call) {
  if (const auto model = serving_.models.Find(call->request().model_id()); !model.ok()) {
    return call->Reply(model.status());
  }
  WhenVisible(serving_, call, [this, call] {
    RecommendProducts(call->request(), &call->response());
    call->Reply(absl::OkStatus());
  });
}

absl::Status Recommender::RecommendBundles(const v1::RecommendBundlesRequest& request,
                                           v1::RecommendBundlesResponse* response) {
  const StatePtr state = serving_.states.newest();
  CLUSTR_ASSIGN_OR_RETURN(const scoring::BundleQuery query, BundleQueryOf(*state->shop, request));
  const auto population = serving_.populations.Get(state, PopulationOf(*state->shop, request));
  const auto& reference = population->reference();
  if (!reference.ok()) return TooManyBundles();
  const auto bundles =
      scoring::RecommendBundles(*state->shop, population->selection(), *reference, query);
  if (absl::IsResourceExhausted(bundles.status())) return TooManyBundles();
  if (!bundles.ok()) return bundles.status();
  for (const scoring::ScoredBundle& bundle : *bundles) {
    std::vector<int64_t> skus;
    for (const mining::Item item : bundle.items) skus.push_back(state->shop->sku_of(item));
    FillBundle(*state->shop, skus, bundle, response->add_recommendations());
  }
  FillScored(*population, request.model_id(), response->mutable_provenance());
  return absl::OkStatus();
}

void Recommender::RecommendProducts(const v1::RecommendProductsRequest& request,
                                    v1::RecommendProductsResponse* response) {
  const StatePtr state = serving_.states.newest();
  const auto population = serving_.populations.Get(state, PopulationOf(request.population()));
  for (const scoring::ScoredProduct& product :
       scoring::RecommendProducts(*state->shop, population->selection(), population->item_counts(),
                                  ProductQueryOf(*state->shop, request), co_counts_)) {
    FillProduct(*state->shop, product, response->add_recommendations());
  }
  FillScored(*population, request.model_id(), response->mutable_provenance());
}

void Recommender::FillScored(const PopulationView& population, const std::string& model_id,
                             v1::Provenance* provenance) {
  FillProvenance(serving_, population.state().revisions, population.selection().basket_count,
                 provenance);
  provenance->set_model_id((*serving_.models.Find(model_id))->model_id());
}

}  // namespace clustr::bundles
