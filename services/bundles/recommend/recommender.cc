#include "services/bundles/recommend/recommender.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/bundles/products/trained_search.h"
#include "services/bundles/recommend/bundle_answers.h"
#include "services/bundles/recommend/bundle_explainer.h"
#include "services/bundles/recommend/bundle_scores.h"
#include "services/bundles/recommend/purchased.h"
#include "services/bundles/recommend/recommendation_message.h"
#include "services/bundles/recommend/scoring_query.h"
#include "services/bundles/recommend/search_limit.h"
#include "services/bundles/recommend/shortfalls.h"
#include "services/bundles/request/shop_ids.h"
#include "services/bundles/scoring/product_search.h"

namespace clustr::bundles {
namespace {

constexpr int32_t kFewProducts = 50;

using BestBundles = std::vector<scoring::ScoredBundle>;

template <class Request>
bool NamesCustomer(const Request& request) {
  return request.has_customer_id() || !request.customer_external_id().empty();
}

absl::Status TooManyPairs() {
  return MakeError(common::v1::ERROR_REASON_RESULT_LIMIT,
                   "too many pairs of products were bought together in this population to score "
                   "bundles by them; choose a smaller population, or a far larger one");
}

absl::Status IntentNeedsTraining(v1::ProductIntent intent) {
  return FieldError("intent", absl::StrCat(v1::ProductIntent_Name(intent),
                                           " needs a trained model, ", "but ", kHeuristic,
                                           " would answer; train a model and "
                                           "activate it, or leave intent unset"));
}

// The model that was found when the call began. It may have been removed since; then the active
// one.
ModelPtr ModelOrActive(const Parts& parts, const std::string& model_id) {
  absl::StatusOr<ModelPtr> model = parts.models.Find(model_id);
  return model.ok() ? *std::move(model) : parts.models.active();
}

// The model that scores bundles for a request that names this model: heuristic-v0, unless the model
// has learned to score bundles.
ModelPtr BundleModelOf(const Parts& parts, const std::string& model_id) {
  ModelPtr model = ModelOrActive(parts, model_id);
  return model->bundles ? model : *parts.models.Find(kHeuristic);
}

// The request in ids alone.
template <class Request>
absl::StatusOr<RequestById<Request>> ById(const index::Snapshot& shop, const Request& request) {
  return RequestById<Request>::Make(shop, request, [](const auto& r, auto* violations) {
    if constexpr (requires { Recommender::Check(r, violations); }) {
      Recommender::Check(r, violations);
    }
  });
}

// The bundles that the model answers `query` with, best first.
absl::StatusOr<BestBundles> Search(const PopulationView& population, const BundleScoring& model,
                                   const scoring::BundleQuery& query, scoring::Wanted wanted) {
  if (!model && !population.reference().ok()) return TooManyPairs();
  absl::StatusOr<BestBundles> bundles = SearchBundles(population, model, query, wanted);
  if (absl::IsResourceExhausted(bundles.status())) return SearchLimitError(query);
  return bundles;
}

}  // namespace

void Recommender::Check(const v1::RecommendBundlesRequest& request,
                        std::vector<Violation>* violations) {
  CheckConstraints(request.constraints(), "constraints", NamesCustomer(request), violations);
}

void Recommender::Check(const v1::RecommendProductsRequest& request,
                        std::vector<Violation>* violations) {
  CheckIntent(request, violations);
  CheckConstraints(request.constraints(), "constraints", NamesCustomer(request), violations);
}

void Recommender::Check(const v1::ExplainBundleRequest& request,
                        std::vector<Violation>* violations) {
  CheckConstraints(request.request().constraints(), "request.constraints",
                   NamesCustomer(request.request()), violations);
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
  const auto model = parts_.models.Find(call->request().model_id());
  if (!model.ok()) return call->Reply(model.status());
  if ((*model)->products == nullptr && NeedsHistory(call->request().intent())) {
    return call->Reply(IntentNeedsTraining(call->request().intent()));
  }
  const bool is_quick = !call->request().has_population();
  WhenVisible(parts_, call, is_quick ? parts_.calls.reads : parts_.calls.lookups,
              [this, call] { call->Reply(RecommendProducts(call->request(), &call->response())); });
}

bool Recommender::ProductsAtHand(const v1::RecommendProductsRequest& request,
                                 v1::RecommendProductsResponse* response) {
  const StatePtr state = parts_.states.newest();
  if (state == nullptr || !state->revisions.Covers(RevisionsOf(request))) return false;
  const bool is_small =
      request.basket_skus_size() + request.basket_external_ids_size() <= kFewProducts &&
      request.limit() <= kFewProducts && !request.has_population() && !request.has_customer_id() &&
      request.customer_external_id().empty() && !request.has_constraints() &&
      request.intent() == v1::PRODUCT_INTENT_UNSPECIFIED && request.model_id().empty();
  if (!is_small) return false;
  if (parts_.models.active()->products == nullptr) {
    const auto by_id = ById(*state->shop, request);
    if (!by_id.ok()) return false;
    for (const int64_t sku : (**by_id).basket_skus()) {
      const std::optional<mining::Item> item = state->shop->item_of(sku);
      if (item && co_counts_.Find(*state->shop, *item) == nullptr) return false;
    }
  }
  return RecommendProducts(request, response).ok();
}

absl::Status Recommender::RecommendBundles(const v1::RecommendBundlesRequest& asked,
                                           scoring::Wanted wanted,
                                           v1::RecommendBundlesResponse* response) {
  const StatePtr state = parts_.states.newest();
  CLUSTR_ASSIGN_OR_RETURN(const auto by_id, ById(*state->shop, asked));
  const v1::RecommendBundlesRequest& request = *by_id;
  by_id.unknown().Fill(response);
  const AskedOf server = {parts_.calls.max_search_steps(), Today()};
  CLUSTR_ASSIGN_OR_RETURN(const scoring::BundleQuery query,
                          BundleQueryOf(*state->shop, request, server));
  const CustomerPopulation narrowed = PopulationFor(*state->shop, request);
  const auto population = parts_.populations.Get(state, PopulationOf(narrowed.population));
  const ModelPtr model = BundleModelOf(parts_, request.model_id());
  CLUSTR_ASSIGN_OR_RETURN(const BestBundles bundles,
                          Search(*population, model->bundles, query, wanted));
  for (const scoring::ScoredBundle& bundle : bundles) {
    std::vector<int64_t> skus;
    for (const mining::Item item : bundle.items) skus.push_back(state->shop->sku_of(item));
    FillBundle(*state->shop, skus, bundle, narrowed.is_wider, response->add_recommendations());
  }
  CLUSTR_RETURN_IF_ERROR(AddShortfalls(&parts_.populations, *population, model->bundles, request,
                                       narrowed.population, query, server.today, wanted, response));
  FillScored(*population, *model, response->mutable_provenance());
  return absl::OkStatus();
}

absl::Status Recommender::RecommendProducts(const v1::RecommendProductsRequest& asked,
                                            v1::RecommendProductsResponse* response) {
  const StatePtr state = parts_.states.newest();
  CLUSTR_ASSIGN_OR_RETURN(const auto by_id, ById(*state->shop, asked));
  const v1::RecommendProductsRequest& request = *by_id;
  by_id.unknown().Fill(response);
  const auto population = parts_.populations.Get(state, PopulationOf(request.population()));
  const ModelPtr model = ModelOrActive(parts_, request.model_id());
  const int32_t today = Today();
  scoring::ProductQuery query = ProductQueryOf(*state->shop, request, today);
  for (const scoring::ScoredProduct& product : SearchProducts(*model, *population, &query)) {
    FillProduct(*state->shop, product, response->add_recommendations());
  }
  AddShortfalls(*state->shop, request, query.limit, today, response);
  FillScored(*population, *model, response->mutable_provenance());
  return absl::OkStatus();
}

std::vector<scoring::ScoredProduct> Recommender::SearchProducts(const KnownModel& model,
                                                                const PopulationView& population,
                                                                scoring::ProductQuery* query) {
  const index::Snapshot& shop = population.shop();
  if (model.products != nullptr) {
    if (auto found = products::RecommendTrained(*model.products, shop, population.selection(),
                                                population.item_counts(), *query)) {
      return *std::move(found);
    }
    if (query->intent == scoring::ProductIntent::kBuyAgain) return {};
    if (query->intent == scoring::ProductIntent::kNextBasket) {
      std::vector<mining::Item>& excluded = query->products.excluded;
      excluded.insert(excluded.end(), query->basket.begin(), query->basket.end());
      query->basket.clear();
    }
  } else if (query->basket_is_history) {
    query->basket = shop.CustomerItems(*query->customer_id);
  }
  return scoring::RecommendProducts(shop, population.selection(), population.item_counts(), *query,
                                    co_counts_);
}

absl::Status Recommender::ScoreBundles(const v1::ScoreBundlesRequest& asked, scoring::Wanted wanted,
                                       v1::ScoreBundlesResponse* response) {
  const StatePtr state = parts_.states.newest();
  CLUSTR_ASSIGN_OR_RETURN(const auto by_id, ById(*state->shop, asked));
  const v1::ScoreBundlesRequest& request = *by_id;
  const auto population = parts_.populations.Get(state, PopulationOf(request.population()));
  const ModelPtr model = BundleModelOf(parts_, request.model_id());
  if (!model->bundles && !population->reference().ok()) return TooManyPairs();
  CLUSTR_RETURN_IF_ERROR(
      bundles::ScoreBundles(*population, model->bundles, request, wanted, response));
  FillScored(*population, *model, response->mutable_provenance());
  return absl::OkStatus();
}

absl::Status Recommender::ExplainBundle(const v1::ExplainBundleRequest& explained,
                                        scoring::Wanted wanted,
                                        v1::ExplainBundleResponse* response) {
  const StatePtr state = parts_.states.newest();
  CLUSTR_ASSIGN_OR_RETURN(const auto by_id, ById(*state->shop, explained));
  const v1::ExplainBundleRequest& request = *by_id;
  by_id.unknown().Fill(response);
  const v1::RecommendBundlesRequest& asked = request.request();
  const AskedOf server = {parts_.calls.max_search_steps(), Today()};
  CLUSTR_ASSIGN_OR_RETURN(const scoring::BundleQuery query,
                          BundleQueryOf(*state->shop, asked, server));
  const CustomerPopulation narrowed = PopulationFor(*state->shop, asked);
  const auto population = parts_.populations.Get(state, PopulationOf(narrowed.population));
  const ModelPtr model = BundleModelOf(parts_, asked.model_id());
  CLUSTR_ASSIGN_OR_RETURN(const BestBundles answer,
                          Search(*population, model->bundles, query, wanted));
  bundles::ExplainBundle(*population, model->bundles, narrowed.is_wider, query, answer, request,
                         response);
  FillScored(*population, *model, response->mutable_provenance());
  return absl::OkStatus();
}

void Recommender::FillScored(const PopulationView& population, const KnownModel& model,
                             v1::Provenance* provenance) {
  FillProvenance(parts_, population.state().revisions, population.selection().basket_count,
                 provenance);
  provenance->set_model_id(model.info.model_id());
}

}  // namespace clustr::bundles
