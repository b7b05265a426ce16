#ifndef CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_ASSORTMENT_H_
#define CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_ASSORTMENT_H_

#include <array>
#include <cstdint>
#include <vector>

#include "clustr/catalog/v1/product.pb.h"
#include "tools/clustrctl/generator/random.h"

namespace clustr::generator {

// What customers like. A customer's preference, an index into this array, decides which categories
// and families the customer favours.
inline constexpr std::array<const char*, 6> kPreferences = {
    "Casual", "Sportswear", "Professional", "Fashion", "Classic", "Streetwear"};

// Products, usually of different categories, that are bought together: they plant the rules.
struct Family {
  std::vector<uint32_t> products;  // Indices into Assortment::products.
  // The preference of the first product. Customers with it draw the family with four times the
  // weight.
  uint32_t preference = 0;
};

// What the shop sells. product_sku is the index + 1001.
struct Assortment {
  std::vector<catalog::v1::Product> products;
  std::vector<int64_t> price_cents;
  std::vector<double> popularity;  // Zipf weights, with the ranks in random order.
  std::vector<uint32_t> preference_of;
  std::vector<Family> families;  // About one per ten products; no product is in two of them.
};

// Makes `count` products, at least 1.
Assortment MakeAssortment(uint32_t count, Random& random);

}  // namespace clustr::generator

#endif  // CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_ASSORTMENT_H_
