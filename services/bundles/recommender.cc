#include "services/bundles/recommender.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/schema/money.h"
#include "services/bundles/scoring/bundle_search.h"
#include "services/bundles/scoring/product_search.h"
#include "services/bundles/scoring_query.h"

namespace clustr::bundles {
namespace {

constexpr char kModel[] = "heuristic-v0";
constexpr int32_t kFewProducts = 50;

absl::Status CheckModel(const std::string& model_id) {
  if (model_id.empty() || model_id == kModel) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kNotFound, "MODEL_NOT_FOUND",
      absl::StrCat("no model ", Quoted(model_id), "; leave model_id empty, or give ", kModel));
}

void FillBundle(const index::Snapshot& shop, const scoring::ScoredBundle& bundle,
                v1::MLBundleRecommendation* message) {
  for (const mining::Item item : bundle.items) {
    message->add_bundle(shop.sku_of(item));
    message->add_product_names(shop.product(item)->name);
  }
  message->set_score(bundle.score);
  message->set_confidence(bundle.confidence);
  message->set_lift(bundle.lift);
  message->set_support(bundle.support);
  message->set_count(bundle.count);
  message->set_basket_count(bundle.basket_count);
  message->set_total_price(schema::AmountOf(bundle.total_price_cents));
  if (bundle.total_margin_cents) {
    message->set_total_margin(schema::AmountOf(*bundle.total_margin_cents));
  }
  message->set_basis(v1::RECOMMENDATION_BASIS_POPULATION);
}

void FillProduct(const index::Snapshot& shop, const scoring::ScoredProduct& scored,
                 v1::ProductRecommendation* message) {
  const index::Product& product = *shop.product(scored.item);
  message->set_product_sku(shop.sku_of(scored.item));
  message->set_product_name(product.name);
  message->set_price(schema::AmountOf(product.price_cents));
  message->set_score(scored.score);
  for (const mining::Item item : scored.because) message->add_because_skus(shop.sku_of(item));
  message->set_basis(v1::RECOMMENDATION_BASIS_POPULATION);
}

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
  if (absl::Status known = CheckModel(call->request().model_id()); !known.ok()) {
    return call->Reply(known);
  }
  WhenVisible(serving_, call, [this, call] {
    Compute(serving_, call,
            [this, call] { return RecommendBundles(call->request(), &call->response()); });
  });
}

void Recommender::Products(ProductsCall* call) {
  if (absl::Status known = CheckModel(call->request().model_id()); !known.ok()) {
    return call->Reply(known);
  }
  WhenVisible(serving_, call, [this, call] {
    RecommendProducts(call->request(), &call->response());
    call->Reply(absl::OkStatus());
  });
}

bool Recommender::ProductsAtHand(const v1::RecommendProductsRequest& request,
                                 v1::RecommendProductsResponse* response) {
  const StatePtr state = serving_.states.newest();
  if (state == nullptr || !state->revisions.Covers(RevisionsOf(request))) return false;
  const bool is_small = request.basket_skus_size() <= kFewProducts &&
                        request.limit() <= kFewProducts && !request.has_population() &&
                        !request.has_customer_id() && !request.has_constraints();
  if (!is_small || !CheckModel(request.model_id()).ok()) return false;
  for (const int64_t sku : request.basket_skus()) {
    const std::optional<mining::Item> item = state->shop->item_of(sku);
    if (item && co_counts_.Find(*state->shop, *item) == nullptr) return false;
  }
  RecommendProducts(request, response);
  return true;
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
    FillBundle(*state->shop, bundle, response->add_recommendations());
  }
  FillScored(*population, response->mutable_provenance());
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
  FillScored(*population, response->mutable_provenance());
}

void Recommender::FillScored(const PopulationView& population, v1::Provenance* provenance) {
  FillProvenance(serving_, population.state().revisions, population.selection().basket_count,
                 provenance);
  provenance->set_model_id(kModel);
}

}  // namespace clustr::bundles
