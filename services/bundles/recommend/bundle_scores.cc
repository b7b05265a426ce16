#include "services/bundles/recommend/bundle_scores.h"

#include <algorithm>

#include "common/base/status_macros.h"
#include "services/bundles/recommend/recommendation_message.h"

namespace clustr::bundles {

BroughtBundle BundleOf(const index::Snapshot& shop,
                       const google::protobuf::RepeatedField<int64_t>& skus) {
  BroughtBundle bundle;
  bundle.skus.assign(skus.begin(), skus.end());
  std::sort(bundle.skus.begin(), bundle.skus.end());
  for (const int64_t sku : bundle.skus) {
    bundle.items.push_back(shop.item_of(sku).value_or(scoring::kUnknownItem));
  }
  return bundle;
}

absl::Status ScoreBundles(const PopulationView& population, const BundleScoring& model,
                          const v1::ScoreBundlesRequest& request, scoring::Wanted wanted,
                          v1::ScoreBundlesResponse* response) {
  return WithScorer(population, model, wanted, [&](ScoreOne score) {
    for (const v1::Bundle& asked : request.bundles()) {
      CLUSTR_RETURN_IF_ERROR(wanted());
      const BroughtBundle bundle = BundleOf(population.shop(), asked.product_skus());
      FillBundle(population.shop(), bundle.skus, score(bundle.items), false,
                 response->add_recommendations());
    }
    return absl::OkStatus();
  });
}

}  // namespace clustr::bundles
