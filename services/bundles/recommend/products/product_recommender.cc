#include "services/bundles/recommend/products/product_recommender.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/bundles/recommend/products/counted_intent.h"
#include "services/bundles/recommend/scored_answer.h"
#include "services/bundles/recommend/scoring_query.h"

namespace clustr::bundles {
namespace {

constexpr int32_t kFewProducts = 50;

// What reads few baskets is a quick question.
CallQueue& QueueFor(const Parts& parts, const v1::RecommendProductsRequest& request) {
  const bool is_quick = !request.has_population() && !IsCounted(request.intent());
  return is_quick ? parts.calls.reads : parts.calls.lookups;
}

void CheckRequest(const v1::RecommendProductsRequest& request, const std::string& path,
                  std::vector<Violation>* violations) {
  CheckIntent(request, path, violations);
  CheckCounted(request, path, violations);
  CheckConstraints(request.constraints(), path + "constraints", NamesCustomer(request), violations);
}

}  // namespace

void ProductRecommender::Check(const v1::RecommendProductsRequest& request,
                               std::vector<Violation>* violations) {
  CheckRequest(request, "", violations);
}

void ProductRecommender::Check(const v1::ExplainProductRequest& request,
                               std::vector<Violation>* violations) {
  if (request.product_sku() == 0 && request.product_external_id().empty()) {
    violations->push_back(
        {"product_sku", "is unset, and so is product_external_id; give one of them"});
  }
  CheckRequest(request.request(), "request.", violations);
}

void ProductRecommender::Products(ProductsCall* call) {
  parts_.models.WhenKnown({call->request().model_id()}, [this, call](const absl::Status& known) {
    if (!known.ok()) return call->Reply(known);
    WhenVisible(parts_, call, QueueFor(parts_, call->request()),
                [this, call] { call->Reply(Recommend(call->request(), &call->response())); });
  });
}

void ProductRecommender::Explain(ExplainCall* call) {
  parts_.models.WhenKnown({call->request().request().model_id()},
                          [this, call](const absl::Status& known) {
                            if (!known.ok()) return call->Reply(known);
                            WhenVisible(parts_, call, parts_.calls.lookups, [this, call] {
                              call->Reply(ExplainProduct(call->request(), &call->response()));
                            });
                          });
}

bool ProductRecommender::ProductsAtHand(const v1::RecommendProductsRequest& request,
                                        v1::RecommendProductsResponse* response) {
  const StatePtr state = parts_.states.newest();
  if (state == nullptr || !state->revisions.Covers(RevisionsOf(request))) return false;
  const bool is_small =
      request.basket_skus_size() + request.basket_external_ids_size() <= kFewProducts &&
      request.limit() <= kFewProducts && !request.has_population() && !NamesCustomer(request) &&
      !request.has_constraints() && request.intent() == v1::PRODUCT_INTENT_UNSPECIFIED &&
      request.model_id().empty() && request.traffic_key().empty();
  if (!is_small) return false;
  if (parts_.models.active()->products == nullptr) {
    const auto by_id = ById<ProductRecommender>(*state->shop, request);
    if (!by_id.ok() || !answers_.HasCounts(*state->shop, **by_id)) return false;
  }
  return Recommend(request, response).ok();
}

absl::Status ProductRecommender::Recommend(const v1::RecommendProductsRequest& asked,
                                           v1::RecommendProductsResponse* response) {
  const StatePtr state = parts_.states.newest();
  CLUSTR_ASSIGN_OR_RETURN(const auto by_id, ById<ProductRecommender>(*state->shop, asked));
  const v1::RecommendProductsRequest& request = *by_id;
  by_id.unknown().Fill(response);
  const auto population = parts_.populations.Get(state, PopulationOf(request.population()));
  CLUSTR_RETURN_IF_ERROR(answers_.Recommend(*population, request, response));
  FillScored(parts_, *population, response->provenance().model_id(),
             response->mutable_provenance());
  return absl::OkStatus();
}

absl::Status ProductRecommender::ExplainProduct(const v1::ExplainProductRequest& asked,
                                                v1::ExplainProductResponse* response) {
  const StatePtr state = parts_.states.newest();
  CLUSTR_ASSIGN_OR_RETURN(const auto by_id, ById<ProductRecommender>(*state->shop, asked));
  const v1::ExplainProductRequest& request = *by_id;
  by_id.unknown().Fill(response);
  const std::optional<mining::Item> item = state->shop->item_of(request.product_sku());
  if (!item) return NotFoundError("PRODUCT", absl::StrCat(request.product_sku()));
  const auto population =
      parts_.populations.Get(state, PopulationOf(request.request().population()));
  CLUSTR_RETURN_IF_ERROR(answers_.Explain(*population, request.request(), *item, response));
  FillScored(parts_, *population, response->provenance().model_id(),
             response->mutable_provenance());
  return absl::OkStatus();
}

}  // namespace clustr::bundles
