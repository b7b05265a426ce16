#include "services/sales/sums/sums_figures.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/schema/date.h"
#include "services/sales/analytics/best.h"

namespace clustr::sales {
namespace {

GroupFigures FiguresOf(std::string key, const Sum& sum) {
  return {std::move(key), sum.revenue_cents, sum.transaction_count, sum.unit_count};
}

// There may be a million customers, so only the best get a key.
std::vector<GroupFigures> CustomersOf(const SalesSums& sums, SalesSums::Period period,
                                      size_t limit) {
  struct Customer {
    int64_t customer_id;
    const Sum* sum;
  };
  const std::vector<Sum> by_number = sums.CustomersIn(period);
  std::vector<Customer> customers;
  for (uint32_t i = 0; i < by_number.size(); ++i) {
    if (by_number[i].transaction_count > 0) {
      customers.push_back({sums.CustomerIdOf(i), &by_number[i]});
    }
  }
  KeepBest(&customers, limit, [](const Customer& a, const Customer& b) {
    if (a.sum->revenue_cents != b.sum->revenue_cents) {
      return a.sum->revenue_cents > b.sum->revenue_cents;
    }
    return absl::StrCat(a.customer_id) < absl::StrCat(b.customer_id);
  });
  std::vector<GroupFigures> figures;
  for (const Customer& customer : customers) {
    figures.push_back(FiguresOf(absl::StrCat(customer.customer_id), *customer.sum));
  }
  return figures;
}

// The attribute of a dimension that is neither the month nor the customer.
SumAttribute SumAttributeOf(v1::RevenueDimension dimension) {
  switch (dimension) {
    case v1::REVENUE_DIMENSION_PRODUCT_CATEGORY:
      return SumAttribute::kCategory;
    case v1::REVENUE_DIMENSION_PRODUCT_BRAND:
      return SumAttribute::kBrand;
    case v1::REVENUE_DIMENSION_CHANNEL:
      return SumAttribute::kChannel;
    case v1::REVENUE_DIMENSION_PAYMENT_TYPE:
      return SumAttribute::kPaymentType;
    default:
      return SumAttribute::kSegment;
  }
}

}  // namespace

SalesSums::Period PeriodOf(const Days& days) {
  SalesSums::Period period;
  if (!days.first.empty()) period.first = schema::EpochDayOf(days.first);
  if (!days.last.empty()) period.last = schema::EpochDayOf(days.last);
  return period;
}

std::vector<ProductFigures> ProductsOf(const SalesSums& sums, SalesSums::Period period) {
  const std::vector<ProductSum> by_number = sums.ProductsIn(period);
  std::vector<ProductFigures> products;
  for (uint32_t i = 0; i < by_number.size(); ++i) {
    if (by_number[i].unit_count == 0) continue;
    products.push_back({sums.SkuOf(i), by_number[i].revenue_cents, by_number[i].unit_count});
  }
  return products;
}

std::vector<GroupFigures> GroupsOf(const SalesSums& sums, v1::RevenueDimension dimension,
                                   SalesSums::Period period, size_t limit) {
  if (dimension == v1::REVENUE_DIMENSION_CUSTOMER) return CustomersOf(sums, period, limit);
  std::vector<GroupFigures> groups;
  if (dimension == v1::REVENUE_DIMENSION_MONTH) {
    for (const auto& [month, sum] : sums.MonthsIn(period)) groups.push_back(FiguresOf(month, sum));
    return groups;
  }
  const SumAttribute attribute = SumAttributeOf(dimension);
  for (const auto& [value, sum] : sums.GroupsIn(attribute, period)) {
    groups.push_back(FiguresOf(sums.TextOf(attribute, value), sum));
  }
  return groups;
}

}  // namespace clustr::sales
