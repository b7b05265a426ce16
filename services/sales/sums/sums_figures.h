#ifndef CLUSTR_SERVICES_SALES_SUMS_SUMS_FIGURES_H_
#define CLUSTR_SERVICES_SALES_SUMS_SUMS_FIGURES_H_

#include <vector>

#include "services/sales/analytics/revenue_groups.h"
#include "services/sales/analytics/sales_scan.h"
#include "services/sales/sums/sales_sums.h"

// The figures of AnalyticsService, from sums instead of a scan. Pure functions.
namespace clustr::sales {

SalesSums::Period PeriodOf(const Days& days);

// The products of a period, in any order.
std::vector<ProductFigures> ProductsOf(const SalesSums& sums, SalesSums::Period period);

// At least the `limit` best groups of a period, in any order; see KeepBestGroups.
std::vector<GroupFigures> GroupsOf(const SalesSums& sums, v1::RevenueDimension dimension,
                                   SalesSums::Period period, size_t limit);

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_SUMS_SUMS_FIGURES_H_
