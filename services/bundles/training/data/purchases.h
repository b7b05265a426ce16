#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_DATA_PURCHASES_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_DATA_PURCHASES_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/products/product_links.h"
#include "services/bundles/products/product_scorer.h"
#include "services/bundles/products/ranker/own_record.h"

namespace clustr::training {

using products::ProductNumber;

// All baskets of a shop in the order of their days, so that "before a day" is a prefix: a function
// that is given the number of baskets to learn from cannot see the future. Independent of the order
// in which the shop was read: baskets of one day are ordered by transaction_id, customers are
// numbered by their first basket.
struct Purchases {
  std::vector<int64_t> skus;            // Ascending; the index is the ProductNumber.
  std::vector<int32_t> days;            // Of each basket, ascending; days since 1970-01-01.
  std::vector<uint32_t> customers;      // Of each basket.
  std::vector<uint64_t> begins = {0};   // Of each basket in `products`, and the end.
  std::vector<ProductNumber> products;  // Of each basket, ascending.
  uint32_t customer_count = 0;
  std::vector<uint8_t> guests;  // Of each customer: 1 if catalog says that it is no person.

  size_t size() const { return days.size(); }
  absl::Span<const ProductNumber> basket(size_t i) const {
    return absl::MakeConstSpan(products).subspan(begins[i], begins[i + 1] - begins[i]);
  }
  // Number of baskets before `day`.
  size_t CountBefore(int32_t day) const;
};

// Copies the baskets of the snapshot. O(lines log lines); about 4 bytes per line and 20 per basket.
Purchases ReadPurchases(const index::Snapshot& snapshot);

// The first `end` baskets, by customer. Borrows `purchases`.
class CustomerHistories {
 public:
  CustomerHistories(const Purchases& purchases, size_t end);

  // True if the customer is no person: if catalog says so, or by `guest_baskets` (GuestBaskets).
  bool IsGuest(uint32_t customer, uint32_t guest_baskets) const {
    return purchases_.guests[customer] != 0 || BasketCount(customer) >= guest_baskets;
  }
  // Number of the customer's baskets.
  size_t BasketCount(uint32_t customer) const;
  // Their numbers, ascending, and so in the order of their days.
  absl::Span<const uint32_t> Baskets(uint32_t customer) const;
  // The products of all baskets of the customer, ascending. `day` is that from which ages count.
  std::vector<products::OwnProduct> Own(uint32_t customer, int32_t day,
                                        double half_life_days) const;

  // The whole history of the customer, for a ranker. `day` is that from which ages count.
  products::OwnHistory History(uint32_t customer, int32_t day) const;

  // The products that the customer bought, each with the days on which it was bought: ascending and
  // distinct.
  std::vector<std::pair<ProductNumber, int32_t>> Bought(uint32_t customer) const;

  // The number of baskets from which on a customer whom catalog does not call a guest is taken for
  // one: at least 100, at least 3 % of the baskets of all who are not called guests, and at least
  // 20 times the mean of the others of these, which is 0 if there are none. 1,000 if there is no
  // such customer: whoever has so many is no person in any shop.
  uint32_t GuestBaskets() const;

 private:
  const Purchases& purchases_;
  const size_t end_;
  std::vector<uint64_t> begins_;
  std::vector<uint32_t> baskets_;  // Ascending for each customer.
};

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_DATA_PURCHASES_H_
