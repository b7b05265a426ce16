#include "services/bundles/products/purchase_history.h"

#include <utility>

namespace clustr::products {
namespace {

// Calls add(product, day) for each product that the model knows of each basket of the customer, and
// returns the number of baskets: 0 if the customer has no history.
template <class Add>
uint32_t ForEachLine(const ServedModel& model, const ModelBinding& binding,
                     const index::Snapshot& snapshot, int64_t customer_id, Add add) {
  if (snapshot.is_guest(customer_id)) return 0;
  uint32_t baskets = 0;
  snapshot.ForEachBasketOf(customer_id, [&](index::Slot slot) {
    if (++baskets == model.model().guest_baskets) return false;
    for (const Item item : snapshot.items(slot)) {
      const ProductNumber product = binding.product_of[item];
      if (product != kNoProduct) add(product, snapshot.epoch_day(slot));
    }
    return true;
  });
  return baskets == model.model().guest_baskets ? 0 : baskets;
}

}  // namespace

std::vector<OwnProduct> HistoryOf(const ServedModel& model, const ModelBinding& binding,
                                  const TaskModel& task, const index::Snapshot& snapshot,
                                  int64_t customer_id) {
  std::vector<OwnProduct> lines;
  const uint32_t baskets = ForEachLine(
      model, binding, snapshot, customer_id, [&](ProductNumber product, int32_t day) {
        lines.push_back({product, DecayOf(model.model().reference_day - day,
                                          task.weights.own_half_life_days)});
      });
  if (baskets == 0) return {};
  return SumByProduct(std::move(lines));
}

OwnHistory DetailedHistoryOf(const ServedModel& model, const ModelBinding& binding,
                             const index::Snapshot& snapshot, int64_t customer_id) {
  std::vector<std::pair<ProductNumber, int32_t>> lines;
  const uint32_t baskets =
      ForEachLine(model, binding, snapshot, customer_id,
                  [&](ProductNumber product, int32_t day) { lines.emplace_back(product, day); });
  if (baskets == 0) return {};
  return {RecordsOf(std::move(lines), model.model().reference_day), baskets};
}

}  // namespace clustr::products
