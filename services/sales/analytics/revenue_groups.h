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

// Sums of each product.
class ProductTotals {
 public:
  void Add(const KeptPurchase& purchase);
  // The first `limit` by revenue, ties by product_sku; names are left out.
  std::vector<std::pair<int64_t, Totals>> Best(size_t limit) const;

 private:
  absl::flat_hash_map<int64_t, Totals> by_sku_;
};

// Sums of each value of a dimension.
class RevenueGroups {
 public:
  // `attribute` is that of the dimension, by product_sku or customer_id; empty where transactions
  // have it themselves.
  RevenueGroups(v1::RevenueDimension dimension, CatalogReplica::Attribute attribute)
      : dimension_(dimension), attribute_(std::move(attribute)) {}

  // What Add needs to see of the lines.
  LineDetail detail() const { return by_product() ? LineDetail::kEach : LineDetail::kSum; }

  void Add(const KeptPurchase& purchase);
  // Appends the first `limit` groups: by revenue, ties by key; months in calendar order.
  void Tell(size_t limit, v1::QueryRevenueResponse* response) const;

  int64_t catalog_revision() const { return attribute_.catalog_revision; }

 private:
  bool by_product() const {
    return dimension_ == v1::REVENUE_DIMENSION_PRODUCT_CATEGORY ||
           dimension_ == v1::REVENUE_DIMENSION_PRODUCT_BRAND;
  }
  Totals& GroupOf(const KeptPurchase& purchase);
  // Group of a product or a customer, looked up once each.
  Totals& AttributeGroupOf(int64_t id);

  const v1::RevenueDimension dimension_;
  const CatalogReplica::Attribute attribute_;
  absl::node_hash_map<std::string, Totals> by_key_;
  absl::flat_hash_map<int64_t, Totals*> by_id_;
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_ANALYTICS_REVENUE_GROUPS_H_
