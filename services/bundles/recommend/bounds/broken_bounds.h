#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_BOUNDS_BROKEN_BOUNDS_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_BOUNDS_BROKEN_BOUNDS_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/bundle_query.h"
#include "services/bundles/scoring/scored_bundle.h"

namespace clustr::bundles {

// Names the fields of a RecommendBundlesRequest, other than max_overlap and limit, whose bounds
// `bundle` does not meet; `bundle` if catalog does not know one of its products. Pure function.
std::vector<std::string> BoundsBrokenAlone(const index::Snapshot& shop,
                                           const scoring::BundleQuery& query,
                                           const scoring::ScoredBundle& bundle);

// Names the fields of a RecommendBundlesRequest that keep `bundle` out of `answer`: at least one.
// `query` is that of the request, and `answer` the answer to it, which does not contain the bundle.
// Names `bundle` if catalog does not know one of its products. Pure function.
std::vector<std::string> BrokenBounds(const index::Snapshot& shop,
                                      const scoring::BundleQuery& query,
                                      absl::Span<const scoring::ScoredBundle> answer,
                                      const scoring::ScoredBundle& bundle);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_BOUNDS_BROKEN_BOUNDS_H_
