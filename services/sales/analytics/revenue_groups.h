#ifndef CLUSTR_SERVICES_SALES_ANALYTICS_REVENUE_GROUPS_H_
#define CLUSTR_SERVICES_SALES_ANALYTICS_REVENUE_GROUPS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_map.h"
#include "absl/numeric/int128.h"
#include "clustr/sales/v1/analytics_service.pb.h"
#include "services/sales/analytics/sales_totals.h"
#include "services/sales/catalog/catalog_replica.h"

namespace clustr::sales {

// The figures of a product of which a unit was kept.
struct ProductFigures {
  int64_t product_sku = 0;
  absl::int128 revenue_cents = 0;
  int64_t unit_count = 0;

  bool operator==(const ProductFigures&) const = default;
};

// Keeps the `limit` products with the highest revenue, ties in the order of product_sku.
void KeepBestProducts(size_t limit, std::vector<ProductFigures>* products);

// The figures of the lines with one value of a dimension.
struct GroupFigures {
  std::string key;
  absl::int128 revenue_cents = 0;
  int64_t transaction_count = 0;
  int64_t unit_count = 0;

  bool operator==(const GroupFigures&) const = default;
};

// Keeps the `limit` groups with the highest revenue, ties in the order of keys. Months are in
// calendar order instead, from the first.
void KeepBestGroups(v1::RevenueDimension dimension, size_t limit,
                    std::vector<GroupFigures>* groups);

// Sums per product. Used by one thread.
class ProductTotals {
 public:
  void Add(const KeptPurchase& purchase);
  // All products, in any order.
  std::vector<ProductFigures> All() const;

 private:
  absl::flat_hash_map<int64_t, Totals> by_sku_;
};

// The attribute of catalog that the values of a dimension come from; only the revision for a
// dimension that is a field of the transaction.
CatalogReplica::Attribute AttributeOf(const CatalogReplica& replica,
                                      v1::RevenueDimension dimension);

// Sums per value of a dimension. Used by one thread.
class RevenueGroups {
 public:
  // `attribute` holds the values of the dimension by product_sku or customer_id; it is empty for a
  // dimension that is a field of the transaction.
  RevenueGroups(v1::RevenueDimension dimension, CatalogReplica::Attribute attribute)
      : dimension_(dimension), attribute_(std::move(attribute)) {}

  // The detail that Add needs.
  LineDetail detail() const { return by_product() ? LineDetail::kEach : LineDetail::kSum; }

  void Add(const KeptPurchase& purchase);
  // All groups, in any order.
  std::vector<GroupFigures> All() const;

  v1::RevenueDimension dimension() const { return dimension_; }
  int64_t catalog_revision() const { return attribute_.catalog_revision; }

 private:
  bool by_product() const {
    return dimension_ == v1::REVENUE_DIMENSION_PRODUCT_CATEGORY ||
           dimension_ == v1::REVENUE_DIMENSION_PRODUCT_BRAND;
  }
  Totals& GroupOf(const KeptPurchase& purchase);
  // The group of a product or a customer; each is looked up by its text only once.
  Totals& AttributeGroupOf(int64_t id);

  const v1::RevenueDimension dimension_;
  const CatalogReplica::Attribute attribute_;
  absl::node_hash_map<std::string, Totals> by_key_;
  absl::flat_hash_map<int64_t, Totals*> by_id_;
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_ANALYTICS_REVENUE_GROUPS_H_
