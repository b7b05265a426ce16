#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_SEARCH_LIMIT_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_SEARCH_LIMIT_H_

#include "absl/status/status.h"
#include "services/bundles/scoring/bundle_query.h"

namespace clustr::bundles {

// The refusal of a search that takes more than query.max_steps steps, with reason RESULT_LIMIT. A
// search is long if few bundles meet a bound, so that none may be left out for scoring too low, or
// if it admits many. So the message names the first bound of the former kind to loosen, if there is
// one, and those of the latter kind to tighten; the metadata `field` has the first one named.
absl::Status SearchLimitError(const scoring::BundleQuery& query);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_SEARCH_LIMIT_H_
