#ifndef CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_SHOP_H_
#define CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_SHOP_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace clustr::generator {

// Seed and sizes of the shop to make.
struct ShopOptions {
  int64_t seed = 1;
  int64_t products = 300;
  int64_t customers = 1000;
  int64_t baskets = 20000;
  double mean_lines = 4;
  int64_t days = 365;
  // Plants seasons, refills, substitutes, sequels, launches, tastes of women and men, and loyal
  // customers, and writes what is true to truth.json.
  bool patterns = false;
};

// Number of rows written.
struct ShopSize {
  int64_t products = 0;
  int64_t customers = 0;
  int64_t days = 0;
  int64_t baskets = 0;
  int64_t lines = 0;
};

// INVALID_ARGUMENT naming the flag, the value and the remedy.
absl::Status ValidateShopOptions(const ShopOptions& options);

// Writes the five CSV files of a synthetic shop to the folder, which must exist. Equal options give
// equal bytes. Memory grows with products, customers and days, not with baskets. Calls `progress`
// with the number of baskets written after every 1,000. DATA_LOSS if a file cannot be written.
absl::StatusOr<ShopSize> WriteShop(const ShopOptions& options, const std::string& folder,
                                   const std::function<void(int64_t baskets)>& progress);

}  // namespace clustr::generator

#endif  // CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_SHOP_H_
