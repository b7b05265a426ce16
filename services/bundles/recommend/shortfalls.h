#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_SHORTFALLS_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_SHORTFALLS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "services/bundles/answers/population_views.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/recommend/bundle_answers.h"
#include "services/bundles/scoring/bundle_query.h"

// Explains why an answer has fewer results than its limit: counts the results again with each bound
// of the request dropped, one at a time. Adds nothing to an answer that reaches its limit.
namespace clustr::bundles {

// How many more results there are without one bound, which is named as in Shortfall.field.
struct MoreWithout {
  std::string field;
  size_t count = 0;
};

// Lists the bounds whose loss yields more results, or all of them if none does.
void AddHelpful(const std::vector<MoreWithout>& more,
                google::protobuf::RepeatedPtrField<v1::Shortfall>* shortfalls);

// `response` must hold the answer to `request`, which must be valid, and `population` be the one
// that it asks for: `filled`. `asked` is its query. Costs one walk per bound, which ends as soon as
// it has met enough bundles; a whole search if max_overlap is set; and one of `views` for each
// bound of the population. All of it together takes about a fifth of asked.max_steps steps, whatever
// is kept in `views`; a bound whose turn comes later, or whose walk is cut short, counts with what was
// found until then. Errors are those of `wanted`.
absl::Status AddShortfalls(PopulationViews* views, const PopulationView& population,
                           const BundleScoring& model, const v1::RecommendBundlesRequest& request,
                           const v1::Population& filled, const scoring::BundleQuery& asked,
                           int32_t today, scoring::Wanted wanted,
                           v1::RecommendBundlesResponse* response);

// The same for RecommendProducts, whose answer has at most `limit` results. O(products) per bound.
void AddShortfalls(const index::Snapshot& shop, const v1::RecommendProductsRequest& request,
                   size_t limit, int32_t today, v1::RecommendProductsResponse* response);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_SHORTFALLS_H_
