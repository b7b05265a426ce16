#ifndef CLUSTR_SERVICES_SALES_SUMS_SUMS_VERIFICATION_H_
#define CLUSTR_SERVICES_SALES_SUMS_SUMS_VERIFICATION_H_

#include "absl/status/status.h"
#include "clustr/sales/v1/analytics_service.pb.h"
#include "common/base/caller.h"
#include "services/sales/analytics/sales_scan.h"
#include "services/sales/catalog/catalog_replica.h"
#include "services/sales/sums/sums_follower.h"

namespace clustr::sales {

// Compares all figures that the sums tell for some days with those of a scan of the same state, and
// fills the response. UNAVAILABLE, reason STARTING, while the sums are counted, or if catalog
// changes so fast that no state of it can be caught. Blocks for as long as the scan takes, and
// holds the figures of every product and customer twice.
absl::Status VerifySums(SumsFollower& follower, const CatalogReplica& replica, const Days& days,
                        const Caller& caller, v1::VerifySalesFiguresResponse* response);

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_SUMS_SUMS_VERIFICATION_H_
