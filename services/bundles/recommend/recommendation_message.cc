#include "services/bundles/recommend/recommendation_message.h"

#include "common/schema/money.h"

namespace clustr::bundles {
namespace {

v1::RecommendationBasis BasisOf(scoring::Basis basis) {
  switch (basis) {
    case scoring::Basis::kPopulation:
      return v1::RECOMMENDATION_BASIS_POPULATION;
    case scoring::Basis::kAllBaskets:
      return v1::RECOMMENDATION_BASIS_ALL_BASKETS;
    case scoring::Basis::kAttributes:
      return v1::RECOMMENDATION_BASIS_ATTRIBUTES;
  }
  return v1::RECOMMENDATION_BASIS_UNSPECIFIED;
}

v1::RecommendationBasis BasisOf(const scoring::ScoredBundle& bundle, bool is_wider) {
  if (bundle.likeness) return v1::RECOMMENDATION_BASIS_ATTRIBUTES;
  if (bundle.rests_on_all_baskets) return v1::RECOMMENDATION_BASIS_ALL_BASKETS;
  return is_wider ? v1::RECOMMENDATION_BASIS_WIDER_POPULATION : v1::RECOMMENDATION_BASIS_POPULATION;
}

}  // namespace

void FillBundle(const index::Snapshot& shop, absl::Span<const int64_t> skus,
                const scoring::ScoredBundle& bundle, bool is_wider,
                v1::MLBundleRecommendation* message) {
  for (size_t i = 0; i < skus.size(); ++i) {
    const index::Product* product = shop.product(bundle.items[i]);
    message->add_bundle(skus[i]);
    message->add_product_names(product == nullptr ? "" : product->name);
    message->add_external_ids(product == nullptr ? "" : product->external_id);
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
  message->set_basis(BasisOf(bundle, is_wider));
  if (bundle.probability) message->set_probability(*bundle.probability);
}

void FillProduct(const index::Snapshot& shop, const scoring::ScoredProduct& scored,
                 v1::ProductRecommendation* message) {
  message->set_product_sku(shop.sku_of(scored.item));
  message->set_score(scored.score);
  if (const index::Product* product = shop.product(scored.item)) {
    message->set_product_name(product->name);
    message->set_price(schema::AmountOf(product->price_cents));
    if (!product->external_id.empty()) message->set_external_id(product->external_id);
  }
  for (const mining::Item item : scored.because) {
    const index::Product* because = shop.product(item);
    message->add_because_skus(shop.sku_of(item));
    message->add_because_external_ids(because == nullptr ? "" : because->external_id);
  }
  message->set_basis(BasisOf(scored.basis));
}

}  // namespace clustr::bundles
