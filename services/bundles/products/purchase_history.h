#ifndef CLUSTR_SERVICES_BUNDLES_PRODUCTS_PURCHASE_HISTORY_H_
#define CLUSTR_SERVICES_BUNDLES_PRODUCTS_PURCHASE_HISTORY_H_

#include <cstdint>
#include <vector>

#include "services/bundles/index/snapshot.h"
#include "services/bundles/products/served_model.h"

namespace clustr::products {

// What the customer has bought until now, as the task's half-life weighs it; ascending by product.
// Products that the model does not know are left out. Empty for an unknown customer and for a
// guest, who is no person: whom catalog calls one, or who has at least model.guest_baskets baskets.
// O(lines of the customer's baskets).
std::vector<OwnProduct> HistoryOf(const ServedModel& model, const ModelBinding& binding,
                                  const TaskModel& task, const index::Snapshot& snapshot,
                                  int64_t customer_id);

// The same in the detail that a ranker needs, as of the model's reference day.
OwnHistory DetailedHistoryOf(const ServedModel& model, const ModelBinding& binding,
                             const index::Snapshot& snapshot, int64_t customer_id);

}  // namespace clustr::products

#endif  // CLUSTR_SERVICES_BUNDLES_PRODUCTS_PURCHASE_HISTORY_H_
