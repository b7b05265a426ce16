#include "services/bundles/products/due_products.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace clustr::products {
namespace {

constexpr double kDaysAhead = 7;

}  // namespace

double Due(absl::Span<const int32_t> days, int32_t today, double usual_gap_days) {
  const double gap =
      (days.back() - days.front() + usual_gap_days) / static_cast<double>(days.size());
  const double elapsed = today - days.back();
  return kDaysAhead / gap * std::min(1.0, elapsed / gap) *
         std::exp2(-std::max(0.0, (elapsed - 2 * gap) / gap));
}

double DueWithinAWeek(absl::Span<const int32_t> days, int32_t today, const DueWeights& weights) {
  const double due = Due(days, today, weights.usual_gap_days);
  return due <= 0 ? 0 : weights.scale * std::pow(due, weights.exponent);
}

std::vector<OwnProduct> DueProducts(const ServedModel& model, const ModelBinding& binding,
                                    const index::Snapshot& snapshot, int64_t customer_id) {
  if (snapshot.is_guest(customer_id)) return {};
  std::vector<std::pair<ProductNumber, int32_t>> bought;
  uint32_t baskets = 0;
  int32_t today = model.model().reference_day - 1;
  snapshot.ForEachBasketOf(customer_id, [&](index::Slot slot) {
    if (++baskets == model.model().guest_baskets) return false;
    today = std::max(today, snapshot.epoch_day(slot));
    for (const Item item : snapshot.items(slot)) {
      const ProductNumber product = binding.product_of[item];
      if (product != kNoProduct) bought.emplace_back(product, snapshot.epoch_day(slot));
    }
    return true;
  });
  if (baskets == model.model().guest_baskets) return {};
  std::sort(bought.begin(), bought.end());
  bought.erase(std::unique(bought.begin(), bought.end()), bought.end());
  std::vector<OwnProduct> due;
  std::vector<int32_t> days;
  for (size_t i = 0; i < bought.size();) {
    const ProductNumber product = bought[i].first;
    days.clear();
    for (; i < bought.size() && bought[i].first == product; ++i) days.push_back(bought[i].second);
    const auto times = static_cast<float>(DueWithinAWeek(days, today, model.model().due));
    if (times > 0) due.push_back({product, times});
  }
  return due;
}

}  // namespace clustr::products
