#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_PURCHASED_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_PURCHASED_H_

#include <cstdint>
#include <vector>

#include "services/bundles/index/snapshot.h"
#include "services/bundles/mining/itemsets.h"

namespace clustr::bundles {

// Today in UTC, as days since 1970-01-01.
int32_t Today();

// The products that the customer bought within the last `days` days, ascending. The last day is the
// newest one on which anything was sold or, if that is earlier, `today`; what was bought later
// counts too. Reads the customer's 10,000 newest baskets, and the days of all baskets unless the
// last one was sold today. Empty for an unknown customer and for 0 days.
std::vector<mining::Item> PurchasedWithin(const index::Snapshot& shop, int64_t customer_id,
                                          int32_t days, int32_t today);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_PURCHASED_H_
