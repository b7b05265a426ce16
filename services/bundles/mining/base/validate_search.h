#ifndef CLUSTR_SERVICES_BUNDLES_MINING_BASE_VALIDATE_SEARCH_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_BASE_VALIDATE_SEARCH_H_

#include <cstdint>

#include "absl/status/status.h"
#include "services/bundles/mining/base/basket_view.h"

namespace clustr::mining {

// INVALID_ARGUMENT if a value that every query has is out of range, with its field and a remedy, or
// if not FitsSearch(baskets).
absl::Status ValidateSearch(const BasketView& baskets, int64_t max_itemsets, int threads);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_BASE_VALIDATE_SEARCH_H_
