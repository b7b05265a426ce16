#include <algorithm>

#include "common/schema/date.h"
#include "services/sales/sums/sales_sums.h"

// The figures of a period, from the sums.
namespace clustr::sales {
namespace {

constexpr size_t kMonthLength = 7;  // YYYY-MM

}  // namespace

std::pair<SalesSums::Days::const_iterator, SalesSums::Days::const_iterator> SalesSums::DaysIn(
    Period period) const {
  const auto begin = days_.lower_bound(period.first);
  return {begin, period.last < period.first ? begin : days_.upper_bound(period.last)};
}

SalesSums::Period SalesSums::PeriodOf(int32_t span) const {
  const int32_t days = int32_t{1} << span_days_;
  return {span * days, span * days + days - 1};
}

void SalesSums::Divide(Period period, absl::FunctionRef<void(const SpanSums&)> whole,
                       absl::FunctionRef<void(const SumPurchase&)> part) const {
  const auto [first, end] = DaysIn(period);
  for (auto day = first; day != end;) {
    const int32_t span = SpanOf(day->first);
    const Period of_span = PeriodOf(span);
    const auto [span_first, span_end] = DaysIn(of_span);
    if (period.Has(span_first->first) && period.Has(std::prev(span_end)->first)) {
      whole(spans_.at(span));
      day = span_end;
      continue;
    }
    for (; day != end && of_span.Has(day->first); ++day) {
      for (const uint32_t slot : day->second.purchases) part(purchases_[slot]);
    }
  }
}

SummaryFigures SalesSums::SummaryOf(Period period) const {
  SummaryFigures figures;
  const auto [begin, end] = DaysIn(period);
  for (auto it = begin; it != end; ++it) {
    const Day& day = it->second;
    figures.min_cents = it == begin ? day.min_cents : std::min(figures.min_cents, day.min_cents);
    figures.max_cents = std::max(figures.max_cents, day.max_cents);
    figures.revenue_cents += day.sum.revenue_cents;
    figures.transaction_count += day.sum.transaction_count;
    figures.unit_count += day.sum.unit_count;
    figures.amount_cents += day.amount_cents;
  }
  NumberSet customers;
  NumberSet products;
  std::vector<SumLine> lines;
  Divide(
      period,
      [&](const SpanSums& span) {
        customers.Add(span.customers());
        products.Add(span.sold());
      },
      [&](const SumPurchase& purchase) {
        customers.Set(purchase.customer);
        lines_.Read(purchase.lines_place, &lines);
        for (const SumLine& line : lines) products.Set(line.product);
      });
  figures.customer_count = customers.Count();
  figures.product_count = products.Count();
  return figures;
}

std::vector<ProductSum> SalesSums::ProductsIn(Period period) const {
  std::vector<ProductSum> sums(products_.size());
  std::vector<SumLine> lines;
  Divide(
      period,
      [&](const SpanSums& span) {
        for (size_t i = 0; i < span.products().size(); ++i) {
          sums[i].revenue_cents += span.products()[i].revenue_cents;
          sums[i].unit_count += span.products()[i].unit_count;
        }
      },
      [&](const SumPurchase& purchase) {
        lines_.Read(purchase.lines_place, &lines);
        for (const SumLine& line : lines) {
          sums[line.product].revenue_cents += line.net_cents;
          sums[line.product].unit_count += line.units;
        }
      });
  return sums;
}

std::vector<Sum> SalesSums::CustomersIn(Period period) const {
  const auto [begin, end] = DaysIn(period);
  int64_t inside = 0;
  for (auto day = begin; day != end; ++day) inside += day->second.sum.transaction_count;
  // What lies outside is taken out of the sums over all days if it is less.
  const bool outside = 2 * inside > purchase_count_;
  std::vector<Sum> sums = outside ? customer_sums_ : std::vector<Sum>(customer_sums_.size());
  const auto count = [&](Days::const_iterator first, Days::const_iterator last, int64_t sign) {
    for (auto day = first; day != last; ++day) {
      for (const uint32_t slot : day->second.purchases) {
        const SumPurchase& purchase = purchases_[slot];
        sums[purchase.customer].Add({purchase.revenue_cents, 1, purchase.unit_count}, sign);
      }
    }
  };
  if (!outside) {
    count(begin, end, 1);
  } else {
    count(days_.begin(), begin, -1);
    count(end, days_.end(), -1);
  }
  return sums;
}

GroupSums SalesSums::GroupsIn(SumAttribute attribute, Period period) const {
  GroupSums sums;
  std::vector<SumLine> lines;
  std::vector<std::pair<uint32_t, Sum>> scratch;
  const bool by_product = attribute == SumAttribute::kCategory || attribute == SumAttribute::kBrand;
  Divide(
      period,
      [&](const SpanSums& span) {
        for (const auto& [value, sum] : span.groups(attribute)) sums[value].Add(sum);
      },
      [&](const SumPurchase& purchase) {
        if (by_product) lines_.Read(purchase.lines_place, &lines);
        ForEachGroup(attribute, purchase, lines, attributes_, &scratch,
                     [&](uint32_t value, const Sum& sum) { sums[value].Add(sum); });
      });
  return sums;
}

absl::btree_map<std::string, Sum> SalesSums::MonthsIn(Period period) const {
  absl::btree_map<std::string, Sum> months;
  const auto [begin, end] = DaysIn(period);
  for (auto day = begin; day != end; ++day) {
    months[schema::DateText(day->first).substr(0, kMonthLength)].Add(day->second.sum);
  }
  return months;
}

}  // namespace clustr::sales
