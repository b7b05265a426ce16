#ifndef CLUSTR_SERVICES_BUNDLES_PRODUCTS_DUE_PRODUCTS_H_
#define CLUSTR_SERVICES_BUNDLES_PRODUCTS_DUE_PRODUCTS_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/products/served_model.h"

namespace clustr::products {

// The expected number of purchases of a product within the next 7 days by a customer who bought it
// on `days` (ascending, distinct, at least one), of which none is after `today`:
//   7 / gap * min(1, elapsed / gap) * 2^-max(0, (elapsed - 2 gap) / gap)
// with elapsed = today - the last day, and gap = (the last day - the first day + 60) / number of
// days: the mean interval, drawn towards 60 days if there are few. So a product is not due right
// after it was bought, most when its interval is over, and less and less beyond two intervals.
double DueWithinAWeek(absl::Span<const int32_t> days, int32_t today);

// What the customer has bought before, with DueWithinAWeek as `times` where that is above 0;
// ascending by product. Today is the day of the customer's or of the model's last basket, whichever
// is later. Empty for an unknown customer and for a guest (see HistoryOf).
std::vector<OwnProduct> DueProducts(const ServedModel& model, const ModelBinding& binding,
                                    const index::Snapshot& snapshot, int64_t customer_id);

}  // namespace clustr::products

#endif  // CLUSTR_SERVICES_BUNDLES_PRODUCTS_DUE_PRODUCTS_H_
