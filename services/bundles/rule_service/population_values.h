#ifndef CLUSTR_SERVICES_BUNDLES_RULE_SERVICE_POPULATION_VALUES_H_
#define CLUSTR_SERVICES_BUNDLES_RULE_SERVICE_POPULATION_VALUES_H_

#include "absl/status/status.h"
#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "services/bundles/index/snapshot.h"

namespace clustr::bundles {

// ListPopulationValues, all but the provenance: what customers that catalog knows have, and what
// baskets have. One pass over the baskets and one over the customers: some milliseconds a million.
// RESOURCE_EXHAUSTED with reason RESULT_LIMIT if a client could not take the answer.
absl::Status FillPopulationValues(const index::Snapshot& shop,
                                  v1::ListPopulationValuesResponse* response);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RULE_SERVICE_POPULATION_VALUES_H_
