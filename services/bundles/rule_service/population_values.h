#ifndef CLUSTR_SERVICES_BUNDLES_RULE_SERVICE_POPULATION_VALUES_H_
#define CLUSTR_SERVICES_BUNDLES_RULE_SERVICE_POPULATION_VALUES_H_

#include "absl/status/status.h"
#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "services/bundles/index/snapshot.h"

namespace clustr::bundles {

// Answers ListPopulationValues: adds the values that baskets and the customers known to catalog
// have. Makes one pass over the baskets and one over the customers, a few milliseconds per million.
// RESOURCE_EXHAUSTED with reason RESULT_LIMIT if `response`, including what it held before, is
// larger than rpc::kMaxAnswerBytes.
absl::Status FillPopulationValues(const index::Snapshot& shop,
                                  v1::ListPopulationValuesResponse* response);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RULE_SERVICE_POPULATION_VALUES_H_
