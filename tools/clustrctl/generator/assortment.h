#ifndef CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_ASSORTMENT_H_
#define CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_ASSORTMENT_H_

#include <array>
#include <cstdint>
#include <vector>

#include "clustr/catalog/v1/product.pb.h"
#include "tools/clustrctl/generator/random.h"

namespace clustr::generator {

// What customers like: an index into it decides which categories and families they favour.
inline constexpr std::array<const char*, 6> kPreferences = {
    "Casual", "Sportswear", "Professional", "Fashion", "Classic", "Streetwear"};

// Products of different categories that are bought together: the planted rules.
struct Family {
  std::vector<uint32_t> products;  // Indices into Assortment::products; the first leads.
  uint32_t preference = 0;         // Its customers buy it four times as often.
};

// What the shop sells. product_sku is the index + 1001.
struct Assortment {
  std::vector<catalog::v1::Product> products;
  std::vector<int64_t> price_cents;
  std::vector<double> popularity;  // Zipf, over ranks in random order.
  std::vector<uint32_t> preference_of;
  std::vector<Family> families;    // One for about ten products; no product is in two.
};

// `count` is at least 1.
Assortment MakeAssortment(uint32_t count, Random& random);

}  // namespace clustr::generator

#endif  // CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_ASSORTMENT_H_
