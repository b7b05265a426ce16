#ifndef CLUSTR_TESTS_SERVICES_BUNDLES_TRAINING_TRAINING_SHOP_H_
#define CLUSTR_TESTS_SERVICES_BUNDLES_TRAINING_TRAINING_SHOP_H_

#include <algorithm>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "services/bundles/index/shop_index.h"
#include "services/bundles/training/data/purchases.h"

namespace clustr::training {

inline constexpr int32_t kFirstDay = 19'000;

// Baskets with structure: products 1 to `products` in groups of four that sell together, and
// customers who buy the same groups again.
inline std::vector<index::Basket> StructuredBaskets(uint64_t seed, int count, int days,
                                                    int products, int customers) {
  std::mt19937_64 random(seed);
  const auto number = [&](int64_t min, int64_t max) {
    return std::uniform_int_distribution<int64_t>(min, max)(random);
  };
  std::vector<index::Basket> baskets;
  for (int i = 0; i < count; ++i) {
    index::Basket basket;
    basket.transaction_id = i + 1;
    basket.customer_id = number(1, customers);
    basket.epoch_day = kFirstDay + static_cast<int32_t>(int64_t{i} * days / count);
    const int64_t groups = std::max(1, products / 4);
    const int64_t group = number(0, 3) == 0 ? number(0, groups - 1) : basket.customer_id % groups;
    for (int64_t k = number(1, 4); k > 0; --k) {
      basket.product_skus.push_back(std::min<int64_t>(products, group * 4 + number(1, 4)));
    }
    if (number(0, 2) == 0) basket.product_skus.push_back(number(1, products));
    baskets.push_back(std::move(basket));
  }
  return baskets;
}

inline Purchases ReadBaskets(const std::vector<index::Basket>& baskets) {
  index::ShopIndex shop;
  for (const index::Basket& basket : baskets) shop.PutBasket(basket);
  return ReadPurchases(*shop.Publish());
}

}  // namespace clustr::training

#endif  // CLUSTR_TESTS_SERVICES_BUNDLES_TRAINING_TRAINING_SHOP_H_
