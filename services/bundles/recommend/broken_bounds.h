#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_BROKEN_BOUNDS_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_BROKEN_BOUNDS_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/bundle_query.h"
#include "services/bundles/scoring/scored_bundle.h"

namespace clustr::bundles {

// Names of the fields of a RecommendBundlesRequest that keep `bundle` out of `answer`, which is
// that of its `query` and does not have it; `bundle` if catalog does not know one of the products.
// At least one. Pure.
std::vector<std::string> BrokenBounds(const index::Snapshot& shop,
                                      const scoring::BundleQuery& query,
                                      absl::Span<const scoring::ScoredBundle> answer,
                                      const scoring::ScoredBundle& bundle);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_BROKEN_BOUNDS_H_
