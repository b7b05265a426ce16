#include "services/sales/analytics/revenue_groups.h"

#include "absl/strings/str_cat.h"
#include "services/sales/analytics/best.h"

namespace clustr::sales {
namespace {

constexpr size_t kMonthLength = 7;  // YYYY-MM

}  // namespace

void ProductTotals::Add(const KeptPurchase& purchase) {
  for (const KeptLine& line : purchase.lines) {
    by_sku_[line.product_sku].Add(purchase.transaction_id, line);
  }
}

std::vector<ProductFigures> ProductTotals::All() const {
  std::vector<ProductFigures> products;
  products.reserve(by_sku_.size());
  for (const auto& [sku, totals] : by_sku_) {
    products.push_back({sku, totals.revenue_cents, totals.unit_count});
  }
  return products;
}

void KeepBestProducts(size_t limit, std::vector<ProductFigures>* products) {
  KeepBest(products, limit, [](const ProductFigures& a, const ProductFigures& b) {
    if (a.revenue_cents != b.revenue_cents) return a.revenue_cents > b.revenue_cents;
    return a.product_sku < b.product_sku;
  });
}

void KeepBestGroups(v1::RevenueDimension dimension, size_t limit,
                    std::vector<GroupFigures>* groups) {
  const bool by_key = dimension == v1::REVENUE_DIMENSION_MONTH;
  KeepBest(groups, limit, [by_key](const GroupFigures& a, const GroupFigures& b) {
    if (!by_key && a.revenue_cents != b.revenue_cents) return a.revenue_cents > b.revenue_cents;
    return a.key < b.key;
  });
}

CatalogReplica::Attribute AttributeOf(const CatalogReplica& replica,
                                      v1::RevenueDimension dimension) {
  switch (dimension) {
    case v1::REVENUE_DIMENSION_PRODUCT_CATEGORY:
      return replica.ProductCategories();
    case v1::REVENUE_DIMENSION_PRODUCT_BRAND:
      return replica.ProductBrands();
    case v1::REVENUE_DIMENSION_CUSTOMER_SEGMENT:
      return replica.CustomerSegments();
    default:
      return replica.Nothing();
  }
}

Totals& RevenueGroups::AttributeGroupOf(int64_t id) {
  const auto [it, is_new] = by_id_.try_emplace(id);
  if (is_new) {
    const auto text = attribute_.text_by_id.find(id);
    const bool known = text != attribute_.text_by_id.end();
    it->second = &by_key_[std::string(known ? text->second : absl::string_view())];
  }
  return *it->second;
}

Totals& RevenueGroups::GroupOf(const KeptPurchase& purchase) {
  switch (dimension_) {
    case v1::REVENUE_DIMENSION_CHANNEL:
      return by_key_[purchase.channel];
    case v1::REVENUE_DIMENSION_PAYMENT_TYPE:
      return by_key_[purchase.payment_type];
    case v1::REVENUE_DIMENSION_MONTH:
      return by_key_[purchase.date.substr(0, kMonthLength)];
    case v1::REVENUE_DIMENSION_CUSTOMER:
      return by_key_[absl::StrCat(purchase.customer_id)];
    default:
      return AttributeGroupOf(purchase.customer_id);
  }
}

void RevenueGroups::Add(const KeptPurchase& purchase) {
  Totals* group = by_product() ? nullptr : &GroupOf(purchase);
  for (const KeptLine& line : purchase.lines) {
    if (by_product()) group = &AttributeGroupOf(line.product_sku);
    group->Add(purchase.transaction_id, line);
  }
}

std::vector<GroupFigures> RevenueGroups::All() const {
  std::vector<GroupFigures> groups;
  groups.reserve(by_key_.size());
  for (const auto& [key, totals] : by_key_) {
    groups.push_back({key, totals.revenue_cents, totals.transaction_count, totals.unit_count});
  }
  return groups;
}

}  // namespace clustr::sales
