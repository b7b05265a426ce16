#ifndef CLUSTR_SERVICES_SALES_ANALYTICS_REVENUE_GROUPS_H_
#define CLUSTR_SERVICES_SALES_ANALYTICS_REVENUE_GROUPS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_map.h"
#include "absl/strings/string_view.h"
#include "clustr/sales/v1/analytics_service.pb.h"
#include "services/sales/analytics/sales_totals.h"
#include "services/sales/catalog/catalog_replica.h"

namespace clustr::sales {

// Sums per product. Used by one thread.
class ProductTotals {
 public:
  void Add(const KeptPurchase& purchase);
  // The `limit` products with the highest revenue, ties in the order of product_sku.
  std::vector<std::pair<int64_t, Totals>> Best(size_t limit) const;

 private:
  absl::flat_hash_map<int64_t, Totals> by_sku_;
};

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
  // Appends the `limit` groups with the highest revenue, ties in the order of keys. Months are in
  // calendar order instead, from the first.
  void Report(size_t limit, v1::QueryRevenueResponse* response) const;

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
