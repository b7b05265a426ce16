#ifndef CLUSTR_SERVICES_BUNDLES_PRODUCTS_DUE_PRODUCTS_H_
#define CLUSTR_SERVICES_BUNDLES_PRODUCTS_DUE_PRODUCTS_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/products/served_model.h"

namespace clustr::products {

// How much a product is due to a customer who bought it on `days` (ascending, distinct, at least
// one), of which none is after `today`:
//   7 / gap * min(1, elapsed / gap) * 2^-max(0, (elapsed - 2 gap) / gap)
// with elapsed = today - the last day, and gap = (the last day - the first day + usual_gap_days) /
// number of days: the mean interval, drawn towards usual_gap_days if there are few. So a product is
// not due right after it was bought, most when its interval is over, and less and less beyond two
// intervals.
double Due(absl::Span<const int32_t> days, int32_t today, double usual_gap_days);

// The expected number of purchases of that product within the next 7 days:
//   weights.scale * Due^weights.exponent, or 0 if Due is 0.
double DueWithinAWeek(absl::Span<const int32_t> days, int32_t today, const DueWeights& weights);

// What the customer has bought before, with DueWithinAWeek as `times` where that is above 0;
// ascending by product. Today is the day of the customer's or of the model's last basket, whichever
// is later. Empty for an unknown customer and for a guest (see HistoryOf).
std::vector<OwnProduct> DueProducts(const ServedModel& model, const ModelBinding& binding,
                                    const index::Snapshot& snapshot, int64_t customer_id);

}  // namespace clustr::products

#endif  // CLUSTR_SERVICES_BUNDLES_PRODUCTS_DUE_PRODUCTS_H_
