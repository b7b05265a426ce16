#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_DATA_PRODUCT_SETS_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_DATA_PRODUCT_SETS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/training/data/purchases.h"

namespace clustr::training {

// Sets of products that belong together: those of a basket, or of a customer's whole history. A set
// with more than kMaxPairedProducts says little about any pair and would cost the most; functions
// that count pairs are not given it.
inline constexpr size_t kMaxPairedProducts = 1'000;

struct ProductSets {
  std::vector<uint64_t> begins = {0};
  std::vector<ProductNumber> products;  // Of each set, ascending and distinct.

  size_t size() const { return begins.size() - 1; }
  absl::Span<const ProductNumber> set(size_t i) const {
    return absl::MakeConstSpan(products).subspan(begins[i], begins[i + 1] - begins[i]);
  }
  // Appends a set of 1 to kMaxPairedProducts products; leaves out any other.
  void Add(absl::Span<const ProductNumber> set);
};

// One set for each of the first `end` baskets.
ProductSets SetsOfBaskets(const Purchases& purchases, size_t end);

// One set for each customer of `histories` who is no guest.
ProductSets SetsOfCustomers(const Purchases& purchases, const CustomerHistories& histories,
                            uint32_t guest_baskets);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_DATA_PRODUCT_SETS_H_
