#ifndef CLUSTR_SERVICES_BUNDLES_MINING_MEASURES_SUPPORT_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_MEASURES_SUPPORT_H_

#include <cstdint>

namespace clustr::mining {

// The lowest count that satisfies both bounds: the lowest c with c >= min_count and double(c) /
// double(basket_count) >= min_support. Supports are compared as doubles, so a support that is sent
// to a client meets min_support, also at equality, exactly if its rule was accepted. Without
// baskets only min_count applies. Requires min_support in [0, 1] and basket_count in [0, 2^53].
int64_t MinCount(double min_support, int64_t basket_count, int64_t min_count);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_MEASURES_SUPPORT_H_
