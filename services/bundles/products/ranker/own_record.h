#ifndef CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_OWN_RECORD_H_
#define CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_OWN_RECORD_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "services/bundles/products/product_links.h"

namespace clustr::products {

// How often and when a customer bought a product.
struct OwnRecord {
  ProductNumber product = 0;
  uint32_t baskets = 0;    // At least 1.
  float recent = 0;        // The same; each basket counts half after 45 days.
  float newest = 0;        // After 15 days.
  int32_t first_days = 0;  // Days since the first of them, until a reference day; at least 0.
  int32_t last_days = 0;   // Since the last.

  bool operator==(const OwnRecord&) const = default;
};

// A customer's whole history.
struct OwnHistory {
  std::vector<OwnRecord> records;  // Ascending by product.
  uint32_t baskets = 0;            // Of the customer.
};

// The records of `lines`: a product and the day of the basket, for each product of each basket, in
// any order. Days after `reference_day` count as it. O(lines log lines).
std::vector<OwnRecord> RecordsOf(std::vector<std::pair<ProductNumber, int32_t>> lines,
                                 int32_t reference_day);

}  // namespace clustr::products

#endif  // CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_OWN_RECORD_H_
