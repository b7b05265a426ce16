#ifndef CLUSTR_TESTS_BENCH_BENCH_SHOP_H_
#define CLUSTR_TESTS_BENCH_BENCH_SHOP_H_

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <random>
#include <string>
#include <vector>

#include "services/bundles/index/population.h"
#include "services/bundles/index/shop_index.h"

namespace clustr::index {

inline double NowSeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

inline double CpuSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// Prints the lowest elapsed time and the lowest CPU time (over all threads) of five runs.
template <typename F>
void Time(const char* what, F run) {
  double best = 1e9;
  double min_cpu = 1e9;
  for (int i = 0; i < 5; ++i) {
    const double start = NowSeconds();
    const double cpu_start = CpuSeconds();
    run();
    best = std::min(best, NowSeconds() - start);
    min_cpu = std::min(min_cpu, CpuSeconds() - cpu_start);
  }
  std::printf("%-46s %10.4f ms, CPU %10.4f ms\n", what, best * 1e3, min_cpu * 1e3);
}

inline constexpr int64_t kFirstSku = 100'000;

// Baskets of 1 to 2 * mean_items - 1 products, whose popularity falls with their SKU, for count /
// 10 customers over 700 days.
inline std::vector<Basket> MakeBaskets(int64_t count, int mean_items, int64_t products) {
  std::mt19937_64 random(1);
  std::vector<double> weights(products);
  for (int64_t i = 0; i < products; ++i) weights[i] = 1.0 / static_cast<double>(i + 30);
  std::discrete_distribution<int64_t> product(weights.begin(), weights.end());
  std::vector<Basket> baskets(count);
  for (int64_t i = 0; i < count; ++i) {
    Basket& basket = baskets[i];
    basket.transaction_id = i + 1;
    basket.customer_id = 1 + static_cast<int64_t>(random() % (count / 10 + 1));
    basket.epoch_day = 19'000 + static_cast<int32_t>(i * 700 / count);
    basket.channel = random() % 2 ? "web" : "store";
    basket.payment_type = random() % 3 ? "card" : "cash";
    const int size = 1 + static_cast<int>(random() % (2 * mean_items - 1));
    for (int k = 0; k < size; ++k) basket.product_skus.push_back(kFirstSku + product(random));
  }
  return baskets;
}

// Adds the customers and products of these baskets.
inline void PutCatalog(ShopIndex& index, int64_t basket_count, int64_t products) {
  for (int64_t id = 1; id <= basket_count / 10 + 1; ++id) {
    index.PutCustomer(id, {id % 2 ? "F" : "M", static_cast<int32_t>(18 + id % 60), "medium",
                           "regular", "online", "city" + std::to_string(id % 100)});
  }
  for (int64_t i = 0; i < products; ++i) {
    index.PutProduct(kFirstSku + i, {"product", "category" + std::to_string(i % 20),
                                     "brand" + std::to_string(i % 7), 100 + i, 50, i % 10 != 0});
  }
}

}  // namespace clustr::index

#endif  // CLUSTR_TESTS_BENCH_BENCH_SHOP_H_
