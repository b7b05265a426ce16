#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_COLD_BUNDLES_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_COLD_BUNDLES_H_

#include <vector>

#include "absl/status/statusor.h"
#include "services/bundles/answers/population_views.h"
#include "services/bundles/recommend/bundle_answers.h"
#include "services/bundles/scoring/bundle_query.h"
#include "services/bundles/scoring/scored_bundle.h"

// Bundles for products that were hardly or never sold, so that no basket says what goes with them.
namespace clustr::bundles {

// True if an anchor of `query` is in fewer than products::kFewBaskets baskets of the shop.
bool HasColdAnchor(const index::Snapshot& shop, const scoring::BundleQuery& query);

// The bundles that `query` would be answered with if the cold anchors were sold like the products
// most like them (products::Likeness; ties: the product sold more often, then the lower SKU). Up to
// 20 such products take the place of a cold anchor, one after another, until there are enough
// bundles. The bounds on counts apply to the bundle with the similar product, all others to the
// bundle with the cold one. A result has the score of the former times the likeness, which
// ScoredBundle::likeness holds, the counts of the latter, and no probability. Best first; ties by
// the SKUs. Costs O(products) for the likeness, 0.5 us each, and one search for each similar
// product, of a twentieth of query.max_steps at most; those that need more are left out. The other
// errors are those of SearchBundles.
absl::StatusOr<std::vector<scoring::ScoredBundle>> SearchByLikeness(
    const PopulationView& population, const BundleScoring& model, const scoring::BundleQuery& query,
    scoring::Wanted wanted);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_COLD_BUNDLES_H_
