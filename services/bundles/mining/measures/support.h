#ifndef CLUSTR_SERVICES_BUNDLES_MINING_MEASURES_SUPPORT_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_MEASURES_SUPPORT_H_

#include <cstdint>

namespace clustr::mining {

// The least number of baskets that meets both bounds: the least c with c >= min_count and
// double(c) / double(basket_count) >= min_support, compared as doubles, so that a support sent to a
// client meets the threshold exactly if its rule was let through, at equality too. With no baskets
// only min_count binds. Requires min_support in [0, 1] and basket_count in [0, 2^53].
int64_t MinCount(double min_support, int64_t basket_count, int64_t min_count);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_MEASURES_SUPPORT_H_
