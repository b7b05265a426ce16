#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_MANY_REQUEST_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_MANY_REQUEST_H_

#include <vector>

#include "absl/status/statusor.h"
#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "common/base/errors.h"
#include "services/bundles/index/subjects.h"

namespace clustr::bundles {

// Appends the violations of rules that the .proto cannot express.
void CheckMany(const v1::RecommendForManyRequest& request, std::vector<Violation>* violations);

// Whom, or what, a valid request recommends for, ascending by id, each once. NOT_FOUND names the
// external_ids that catalog does not have. O(customers), or O(products).
absl::StatusOr<std::vector<index::Subject>> SubjectsOf(const index::Snapshot& shop,
                                                       const v1::RecommendForManyRequest& request);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_MANY_REQUEST_H_
