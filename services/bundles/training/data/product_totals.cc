#include "services/bundles/training/data/product_totals.h"

#include <algorithm>

#include "services/bundles/products/product_scorer.h"

namespace clustr::training {

ProductTotals CountProducts(const Purchases& purchases, size_t end, int32_t day) {
  ProductTotals totals;
  totals.counts.resize(purchases.skus.size());
  std::vector<double> recent(purchases.skus.size());
  for (size_t i = 0; i < end; ++i) {
    const double weight = products::DecayOf(day - purchases.days[i], kRecentHalfLifeDays);
    for (const ProductNumber product : purchases.basket(i)) {
      ++totals.counts[product];
      recent[product] += weight;
    }
  }
  totals.recent.assign(recent.begin(), recent.end());
  return totals;
}

std::vector<products::ProductTimes> TimesOfProducts(const Purchases& purchases, size_t end,
                                                    int32_t day) {
  const int32_t oldest = end == 0 ? 0 : std::max(0, day - purchases.days[0]);
  std::vector<products::ProductTimes> times(purchases.skus.size(), {oldest, oldest});
  std::vector<bool> sold(times.size());
  for (size_t i = 0; i < end; ++i) {
    const int32_t age = std::max(0, day - purchases.days[i]);
    for (const ProductNumber product : purchases.basket(i)) {
      if (!sold[product]) times[product].first_days = age;
      sold[product] = true;
      times[product].last_days = age;
    }
  }
  return times;
}

}  // namespace clustr::training
