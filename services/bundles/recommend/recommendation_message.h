#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_RECOMMENDATION_MESSAGE_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_RECOMMENDATION_MESSAGE_H_

#include <cstdint>

#include "absl/types/span.h"
#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/product_search.h"
#include "services/bundles/scoring/scored_bundle.h"

// Conversion of recommendations to messages. Pure functions.
namespace clustr::bundles {

// `skus` are those of `bundle.items`. A product that catalog does not know gets the name "".
// `is_wider` as in CustomerPopulation.
void FillBundle(const index::Snapshot& shop, absl::Span<const int64_t> skus,
                const scoring::ScoredBundle& bundle, bool is_wider,
                v1::MLBundleRecommendation* message);

// A product that catalog does not know has neither a name nor a price.
void FillProduct(const index::Snapshot& shop, const scoring::ScoredProduct& scored,
                 v1::ProductRecommendation* message);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_RECOMMENDATION_MESSAGE_H_
