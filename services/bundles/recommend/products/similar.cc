#include <algorithm>

#include "services/bundles/recommend/products/counted_intent.h"
#include "services/bundles/recommend/products/part_message.h"
#include "services/bundles/recommend/recommendation_message.h"
#include "services/bundles/scoring/intents/likeness.h"
#include "services/bundles/scoring/intents/substitutes.h"

namespace clustr::bundles {
namespace {

class SimilarProducts final : public CountedIntent {
 public:
  SimilarProducts(const PopulationView& population, mining::Item original,
                  index::CoCounts* co_counts)
      : population_(population),
        original_(original),
        substitutes_(population.shop(), population.selection(), population.item_counts(), original,
                     *co_counts) {}

  void AddBest(const scoring::ProductOffers& offers, size_t limit,
               ProductMessages* products) const override {
    if (substitutes_.has_context()) {
      for (const scoring::Substitute& found : substitutes_.Best(offers, limit)) {
        Fill(found, products->Add());
      }
      return;
    }
    for (const scoring::LikeProduct& found :
         scoring::MostAlike(population_.shop(), original_, offers, limit)) {
      FillAlike(found.item, found.score, products->Add());
    }
  }

  void Explain(mining::Item item, v1::ExplainProductResponse* response) const override {
    if (substitutes_.has_context()) {
      const scoring::Substitute found = substitutes_.Of(item);
      Fill(found, response->mutable_recommendation());
      for (const auto& [link, part] : found.context) {
        AddPart(population_, item, {"context", part, part, link}, response);
      }
      const double apart = found.score - found.context_share;
      AddPart(population_, item, {"togetherness", apart, apart, original_}, response);
      return;
    }
    scoring::AttributeParts parts;
    const index::Product* original = population_.shop().product(original_);
    const index::Product* product = population_.shop().product(item);
    if (original != nullptr && product != nullptr && item != original_) {
      parts = scoring::CompareAttributes(*original, *product);
    }
    FillAlike(item, parts.sum(), response->mutable_recommendation());
    AddPart(population_, item, {"category", parts.category, parts.category}, response);
    AddPart(population_, item, {"brand", parts.brand, parts.brand}, response);
    AddPart(population_, item, {"price", parts.price, parts.price}, response);
  }

 private:
  void Fill(const scoring::Substitute& found, v1::ProductRecommendation* message) const {
    const index::Snapshot& shop = population_.shop();
    FillProduct(shop, {.item = found.item, .score = found.score, .because = {original_}}, message);
    v1::ProductSimilarity* evidence = message->mutable_similarity();
    evidence->set_context_share(found.context_share);
    evidence->set_together_count(found.together);
    evidence->set_expected_together_count(found.expected_together);
    const size_t shown = std::min(found.context.size(), scoring::kMaxReasons);
    for (size_t i = 0; i < shown; ++i) {
      const index::Product* product = shop.product(found.context[i].first);
      evidence->add_context_skus(shop.sku_of(found.context[i].first));
      evidence->add_context_external_ids(product == nullptr ? "" : product->external_id);
    }
  }

  void FillAlike(mining::Item item, double score, v1::ProductRecommendation* message) const {
    FillProduct(population_.shop(),
                {.item = item,
                 .score = score,
                 .because = {original_},
                 .basis = scoring::Basis::kAttributes},
                message);
  }

  const PopulationView& population_;
  const mining::Item original_;
  const scoring::Substitutes substitutes_;
};

}  // namespace

std::unique_ptr<const CountedIntent> CountSimilar(const PopulationView& population,
                                                  mining::Item original,
                                                  index::CoCounts* co_counts) {
  return std::make_unique<SimilarProducts>(population, original, co_counts);
}

}  // namespace clustr::bundles
