#include "services/bundles/recommend/products/product_answers.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/bundles/products/trained_search.h"
#include "services/bundles/recommend/bounds/dropped_bounds.h"
#include "services/bundles/recommend/products/counted_intent.h"
#include "services/bundles/recommend/products/heuristic_parts.h"
#include "services/bundles/recommend/products/part_message.h"
#include "services/bundles/recommend/products/refused_product.h"
#include "services/bundles/recommend/products/trained_parts.h"
#include "services/bundles/recommend/purchased.h"
#include "services/bundles/recommend/recommendation_message.h"
#include "services/bundles/recommend/scored_answer.h"
#include "services/bundles/recommend/scoring_query.h"
#include "services/bundles/recommend/shortfalls.h"
#include "services/bundles/scoring/product_offers.h"

namespace clustr::bundles {
namespace {

absl::Status IntentNeedsTraining(v1::ProductIntent intent, const std::string& model_id) {
  return FieldError("intent", absl::StrCat(v1::ProductIntent_Name(intent),
                                           " needs a trained model, but ", model_id,
                                           " would answer; train a model and activate it, or leave "
                                           "intent unset"));
}

// The model that answers; an error if it does not know the intent.
absl::StatusOr<ModelPtr> ModelOf(const Parts& parts, const v1::RecommendProductsRequest& request) {
  const std::string key = TrafficKeyOf(request);
  const bool trained = NeedsHistory(request.intent());
  ModelPtr model = trained && request.model_id().empty() ? parts.models.TrainedForKey(key)
                                                         : ModelFor(parts, request.model_id(), key);
  if (trained && model->products == nullptr) {
    return IntentNeedsTraining(request.intent(), model->info.model_id());
  }
  return model;
}

// Products of the basket are neither recommended nor a reason to recommend others.
void SetBasketAside(scoring::ProductQuery* query) {
  std::vector<mining::Item>& excluded = query->products.excluded;
  excluded.insert(excluded.end(), query->basket.begin(), query->basket.end());
  query->basket.clear();
}

size_t CountBest(const CountedIntent& counted, const scoring::ProductOffers& offers, size_t limit) {
  ProductMessages found;
  counted.AddBest(offers, limit, &found);
  return static_cast<size_t>(found.size());
}

}  // namespace

absl::Status ProductAnswers::Recommend(const PopulationView& population,
                                       const v1::RecommendProductsRequest& request,
                                       v1::RecommendProductsResponse* response) {
  const int32_t today = Today();
  if (IsCounted(request.intent())) return RecommendCounted(population, request, today, response);
  CLUSTR_ASSIGN_OR_RETURN(const ModelPtr model, ModelOf(parts_, request));
  const index::Snapshot& shop = population.shop();
  scoring::ProductQuery query = ProductQueryOf(shop, request, today);
  for (const scoring::ScoredProduct& product : Search(*model, population, &query).products) {
    FillProduct(shop, product, response->add_recommendations());
  }
  AddShortfalls(shop, request, query.limit, today, response);
  response->mutable_provenance()->set_model_id(model->info.model_id());
  return absl::OkStatus();
}

absl::Status ProductAnswers::RecommendCounted(const PopulationView& population,
                                              const v1::RecommendProductsRequest& request,
                                              int32_t today,
                                              v1::RecommendProductsResponse* response) {
  CLUSTR_ASSIGN_OR_RETURN(const auto counted, CountIntent(population, request, today, &co_counts_));
  const index::Snapshot& shop = population.shop();
  const scoring::ProductQuery query = ProductQueryOf(shop, request, today);
  counted->AddBest(scoring::ProductOffers(shop, query), query.limit,
                   response->mutable_recommendations());
  const auto found = static_cast<size_t>(response->recommendations_size());
  if (found >= query.limit) return absl::OkStatus();
  std::vector<MoreWithout> more;
  for (const auto& bound : DropBounds(request)) {
    const scoring::ProductQuery wider = ProductQueryOf(shop, bound.without, today);
    const size_t count = CountBest(*counted, scoring::ProductOffers(shop, wider), query.limit);
    more.push_back({bound.field, count - found});
  }
  more.push_back({"intent", scoring::CountProducts(shop, query) - found});
  AddHelpful(more, response->mutable_shortfalls());
  return absl::OkStatus();
}

ProductAnswers::Found ProductAnswers::Search(const KnownModel& model,
                                             const PopulationView& population,
                                             scoring::ProductQuery* query) {
  const index::Snapshot& shop = population.shop();
  if (model.products != nullptr) {
    if (auto found = products::RecommendTrained(*model.products, shop, population.selection(),
                                                population.item_counts(), *query)) {
      return {*std::move(found), true};
    }
    if (query->intent == scoring::ProductIntent::kBuyAgain) return {{}, true};
    if (query->intent == scoring::ProductIntent::kNextBasket) SetBasketAside(query);
  } else {
    if (query->intent == scoring::ProductIntent::kNextBasket) {
      SetBasketAside(query);
      query->basket_is_history = query->customer_id.has_value();
    }
    if (query->basket_is_history) query->basket = shop.CustomerItems(*query->customer_id);
  }
  return {scoring::RecommendProducts(shop, population.selection(), population.item_counts(), *query,
                                     co_counts_)};
}

absl::Status ProductAnswers::Explain(const PopulationView& population,
                                     const v1::RecommendProductsRequest& request, mining::Item item,
                                     v1::ExplainProductResponse* response) {
  const index::Snapshot& shop = population.shop();
  const int32_t today = Today();
  response->set_count(CountIn(population, item));
  response->set_population_factor(1);
  if (IsCounted(request.intent())) {
    return ExplainCounted(population, request, today, item, response);
  }
  CLUSTR_ASSIGN_OR_RETURN(const ModelPtr model, ModelOf(parts_, request));
  response->mutable_provenance()->set_model_id(model->info.model_id());
  const scoring::ProductQuery asked = ProductQueryOf(shop, request, today);
  scoring::ProductQuery query = asked;
  const Found found = Search(*model, population, &query);
  const auto place = std::find_if(found.products.begin(), found.products.end(),
                                  [&](const auto& product) { return product.item == item; });
  bool by_intent = false;
  if (found.by_trained) {
    by_intent = ExplainTrained(*model, population, query, item, response);
  } else {
    ExplainHeuristic(population, query, item, response);
  }
  if (place != found.products.end()) {
    response->set_rank(place - found.products.begin() + 1);
    // The answer's own score, to the bit.
    response->mutable_recommendation()->Clear();
    FillProduct(shop, *place, response->mutable_recommendation());
    return absl::OkStatus();
  }
  const bool bounded = AddRefusals(shop, asked, item, response);
  if (by_intent || !bounded) response->add_excluded_by(by_intent ? "intent" : "limit");
  return absl::OkStatus();
}

absl::Status ProductAnswers::ExplainCounted(const PopulationView& population,
                                            const v1::RecommendProductsRequest& request,
                                            int32_t today, mining::Item item,
                                            v1::ExplainProductResponse* response) {
  CLUSTR_ASSIGN_OR_RETURN(const auto counted, CountIntent(population, request, today, &co_counts_));
  const index::Snapshot& shop = population.shop();
  scoring::ProductQuery query = ProductQueryOf(shop, request, today);
  counted->Explain(item, response);
  ProductMessages best;
  counted->AddBest(scoring::ProductOffers(shop, query), query.limit, &best);
  for (int i = 0; i < best.size(); ++i) {
    if (best[i].product_sku() == shop.sku_of(item)) response->set_rank(i + 1);
  }
  if (response->rank() > 0 || AddRefusals(shop, query, item, response)) return absl::OkStatus();
  // With enough room, only the intent keeps it out.
  query.limit = shop.item_count();
  best.Clear();
  counted->AddBest(scoring::ProductOffers(shop, query), query.limit, &best);
  const bool listed = std::any_of(best.begin(), best.end(), [&](const auto& product) {
    return product.product_sku() == shop.sku_of(item);
  });
  response->add_excluded_by(listed ? "limit" : "intent");
  return absl::OkStatus();
}

bool ProductAnswers::HasCounts(const index::Snapshot& shop,
                               const v1::RecommendProductsRequest& request) const {
  return std::all_of(request.basket_skus().begin(), request.basket_skus().end(), [&](int64_t sku) {
    const std::optional<mining::Item> item = shop.item_of(sku);
    return !item || co_counts_.Find(shop, *item) != nullptr;
  });
}

}  // namespace clustr::bundles
