#include "services/bundles/training/data/product_totals.h"

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

}  // namespace clustr::training
