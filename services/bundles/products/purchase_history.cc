#include "services/bundles/products/purchase_history.h"

#include <utility>

namespace clustr::products {

std::vector<OwnProduct> HistoryOf(const ServedModel& model, const ModelBinding& binding,
                                  const TaskModel& task, const index::Snapshot& snapshot,
                                  int64_t customer_id) {
  if (snapshot.is_guest(customer_id)) return {};
  std::vector<OwnProduct> lines;
  uint32_t baskets = 0;
  snapshot.ForEachBasketOf(customer_id, [&](index::Slot slot) {
    if (++baskets == model.model().guest_baskets) return false;
    const float times = DecayOf(model.model().reference_day - snapshot.epoch_day(slot),
                                task.weights.own_half_life_days);
    for (const Item item : snapshot.items(slot)) {
      const ProductNumber product = binding.product_of[item];
      if (product != kNoProduct) lines.push_back({product, times});
    }
    return true;
  });
  if (baskets == model.model().guest_baskets) return {};
  return SumByProduct(std::move(lines));
}

}  // namespace clustr::products
