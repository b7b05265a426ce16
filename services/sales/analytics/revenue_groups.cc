#include "services/sales/analytics/revenue_groups.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/schema/money.h"

namespace clustr::sales {
namespace {

constexpr size_t kMonthLength = 7;  // YYYY-MM

// Keeps the first `limit` entries by `before`, in that order.
template <class Entries, class Before>
void KeepBest(Entries* entries, size_t limit, Before before) {
  const size_t kept = std::min(limit, entries->size());
  std::partial_sort(entries->begin(), entries->begin() + kept, entries->end(), before);
  entries->resize(kept);
}

}  // namespace

void ProductTotals::Add(const KeptPurchase& purchase) {
  for (const KeptLine& line : purchase.lines) {
    by_sku_[line.product_sku].Add(purchase.transaction_id, line);
  }
}

std::vector<std::pair<int64_t, Totals>> ProductTotals::Best(size_t limit) const {
  std::vector<std::pair<int64_t, Totals>> best(by_sku_.begin(), by_sku_.end());
  KeepBest(&best, limit, [](const auto& a, const auto& b) {
    if (a.second.revenue_cents != b.second.revenue_cents) {
      return a.second.revenue_cents > b.second.revenue_cents;
    }
    return a.first < b.first;
  });
  return best;
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

void RevenueGroups::Report(size_t limit, v1::QueryRevenueResponse* response) const {
  std::vector<std::pair<absl::string_view, const Totals*>> groups;
  groups.reserve(by_key_.size());
  for (const auto& [key, totals] : by_key_) groups.emplace_back(key, &totals);
  const bool by_key = dimension_ == v1::REVENUE_DIMENSION_MONTH;
  KeepBest(&groups, limit, [by_key](const auto& a, const auto& b) {
    if (!by_key && a.second->revenue_cents != b.second->revenue_cents) {
      return a.second->revenue_cents > b.second->revenue_cents;
    }
    return a.first < b.first;
  });
  for (const auto& [key, totals] : groups) {
    v1::RevenueGroup* group = response->add_groups();
    group->set_key(std::string(key));
    group->set_revenue(schema::AmountOfSum(totals->revenue_cents));
    group->set_transaction_count(totals->transaction_count);
    group->set_unit_count(totals->unit_count);
  }
}

}  // namespace clustr::sales
