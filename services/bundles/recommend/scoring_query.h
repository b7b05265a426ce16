#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_SCORING_QUERY_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_SCORING_QUERY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "common/base/errors.h"
#include "services/bundles/index/population.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/request/from_request.h"
#include "services/bundles/scoring/bundle_search.h"
#include "services/bundles/scoring/product_search.h"

// Translation of requests for recommendations into queries of scoring/, for one state of the shop.
// Pure functions.
namespace clustr::bundles {

// Append the violations of rules that the .proto cannot express. `path` is that of the constraints;
// `has_customer` is true if the request names a customer.
void CheckConstraints(const v1::BundleConstraints& constraints, const std::string& path,
                      bool has_customer, std::vector<Violation>* violations);
void CheckConstraints(const v1::ProductConstraints& constraints, const std::string& path,
                      bool has_customer, std::vector<Violation>* violations);

// The intent is about a customer, and only a trained model has an answer to it.
bool NeedsHistory(v1::ProductIntent intent);
// Appends a violation if the intent needs a customer and there is none. `path` is that of the
// request, with a dot, or empty.
void CheckIntent(const v1::RecommendProductsRequest& request, const std::string& path,
                 std::vector<Violation>* violations);

// Longer answers than this are not diversified unless the caller asks for it.
inline constexpr size_t kPage = 20;
inline constexpr double kDefaultMaxOverlap = 0.4;
// The bound on the overlap that the request has, or its preference if it sets none; nullopt if
// there is neither. See v1.BundleConstraints.max_overlap.
std::optional<double> MaxOverlapOf(const v1::RecommendBundlesRequest& request);

// The least number of baskets that the attributes of a customer narrow a population to. Among
// fewer, a pair that was bought together by chance has a high score.
inline constexpr int64_t kLeastBaskets = 1'000;

struct CustomerPopulation {
  v1::Population population;
  // True if attributes of the customer were left out because too few baskets would have been left.
  bool is_wider = false;
};

// The population of the request. Where it leaves gender, income level, preference, segment or both
// bounds of the age unset, they are filled with those of the request's customer, in this order, as
// far as catalog knows them and at least kLeastBaskets baskets are left. O(baskets) for each.
CustomerPopulation PopulationFor(const index::Snapshot& shop,
                                 const v1::RecommendBundlesRequest& request);

// What a query owes to the server rather than to the request.
struct AskedOf {
  int64_t max_steps = INT64_MAX;  // See BundleQuery.
  int32_t today = INT32_MAX;      // Days since 1970-01-01.
};

// NOT_FOUND with reason PRODUCT_NOT_FOUND if catalog does not know an anchor.
absl::StatusOr<scoring::BundleQuery> BundleQueryOf(const index::Snapshot& shop,
                                                   const v1::RecommendBundlesRequest& request,
                                                   const AskedOf& server);

// Leaves unknown products out of the basket. If none are left and there is a customer, the basket
// is marked as a history, which is not read yet.
scoring::ProductQuery ProductQueryOf(const index::Snapshot& shop,
                                     const v1::RecommendProductsRequest& request, int32_t today);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_SCORING_QUERY_H_
