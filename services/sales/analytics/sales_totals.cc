#include "services/sales/analytics/sales_totals.h"

#include <algorithm>

#include "common/schema/money.h"

namespace clustr::sales {
namespace {

// Rounded half up; `sum` is at least 0 and `count` at least 1.
absl::int128 Mean(absl::int128 sum, int64_t count) {
  return (2 * sum + count) / (2 * absl::int128(count));
}

}  // namespace

void Summary::Add(const KeptPurchase& purchase) {
  for (const KeptLine& line : purchase.lines) {
    totals_.Add(purchase.transaction_id, line);
    products_.insert(line.product_sku);
  }
  const bool first = totals_.transaction_count == 1;
  const int64_t amount_cents = purchase.KeptAmount();
  min_cents_ = first ? amount_cents : std::min(min_cents_, amount_cents);
  max_cents_ = std::max(max_cents_, amount_cents);
  amount_cents_ += amount_cents;
  customers_.insert(purchase.customer_id);
}

SummaryFigures Summary::Figures() const {
  return {.revenue_cents = totals_.revenue_cents,
          .transaction_count = totals_.transaction_count,
          .unit_count = totals_.unit_count,
          .customer_count = static_cast<int64_t>(customers_.size()),
          .product_count = static_cast<int64_t>(products_.size()),
          .amount_cents = amount_cents_,
          .min_cents = min_cents_,
          .max_cents = max_cents_};
}

void SummaryFigures::Report(v1::GetSalesSummaryResponse* response) const {
  response->set_revenue(schema::AmountOfSum(revenue_cents));
  response->set_transaction_count(transaction_count);
  response->set_unit_count(unit_count);
  response->set_customer_count(customer_count);
  response->set_product_count(product_count);
  if (transaction_count > 0) {
    response->set_mean_transaction(schema::AmountOfSum(Mean(amount_cents, transaction_count)));
  }
  response->set_min_transaction(schema::AmountOf(min_cents));
  response->set_max_transaction(schema::AmountOf(max_cents));
}

}  // namespace clustr::sales
