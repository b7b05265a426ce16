#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_DATA_PRODUCT_TOTALS_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_DATA_PRODUCT_TOTALS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/bundles/products/ranker/ranker.h"
#include "services/bundles/training/data/purchases.h"

namespace clustr::training {

inline constexpr double kRecentHalfLifeDays = 14;

// How often each product was bought in a prefix of the purchases.
struct ProductTotals {
  std::vector<uint32_t> counts;  // Baskets that hold the product.
  std::vector<float> recent;     // The same; each basket counts half after kRecentHalfLifeDays.
};

// The totals of the first `end` baskets; ages count from `day`.
ProductTotals CountProducts(const Purchases& purchases, size_t end, int32_t day);

// When each product was sold in the first `end` baskets; ages count from `day`. Of a product that
// was not sold, both ages are that of the first basket.
std::vector<products::ProductTimes> TimesOfProducts(const Purchases& purchases, size_t end,
                                                    int32_t day);

inline constexpr double kAgainBaskets = 20;

// For each product, how probably a basket holds it if its customer, who is no guest, bought it
// before: with n such baskets, a of which hold the product, and N and A their sums over all
// products,
//   (a + kAgainBaskets * r) / (n + kAgainBaskets), where r = (A + 1) / (N + 2).
// So a product of few customers has nearly the probability of all products together. Above 0 and
// below 1. O(lines log lines).
std::vector<float> AgainOfProducts(const Purchases& purchases, const CustomerHistories& histories,
                                   uint32_t guest_baskets);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_DATA_PRODUCT_TOTALS_H_
