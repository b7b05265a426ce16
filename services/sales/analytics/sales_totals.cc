#include "services/sales/analytics/sales_totals.h"

#include <algorithm>

#include "common/schema/money.h"

namespace clustr::sales {
namespace {

// Rounded half up; `sum` is at least 0 and `count` at least 1.
absl::int128 Mean(absl::int128 sum, int64_t count) {
  return (2 * sum + count) / (2 * absl::int128(count));
}

// What is left of the amount after returns. A discount on the whole purchase may be more than what
// is left.
int64_t KeptAmount(const KeptPurchase& purchase) {
  int64_t returned_cents = purchase.lines_total_cents;
  for (const KeptLine& line : purchase.lines) returned_cents -= line.net_cents;
  return std::max<int64_t>(purchase.amount_cents - returned_cents, 0);
}

}  // namespace

void Summary::Add(const KeptPurchase& purchase) {
  for (const KeptLine& line : purchase.lines) {
    totals_.Add(purchase.transaction_id, line);
    products_.insert(line.product_sku);
  }
  const bool first = totals_.transaction_count == 1;
  const int64_t amount_cents = KeptAmount(purchase);
  min_cents_ = first ? amount_cents : std::min(min_cents_, amount_cents);
  max_cents_ = std::max(max_cents_, amount_cents);
  amount_cents_ += amount_cents;
  customers_.insert(purchase.customer_id);
}

void Summary::Report(v1::GetSalesSummaryResponse* response) const {
  response->set_revenue(schema::AmountOfSum(totals_.revenue_cents));
  response->set_transaction_count(totals_.transaction_count);
  response->set_unit_count(totals_.unit_count);
  response->set_customer_count(static_cast<int64_t>(customers_.size()));
  response->set_product_count(static_cast<int64_t>(products_.size()));
  if (totals_.transaction_count > 0) {
    response->set_mean_transaction(
        schema::AmountOfSum(Mean(amount_cents_, totals_.transaction_count)));
  }
  response->set_min_transaction(schema::AmountOf(min_cents_));
  response->set_max_transaction(schema::AmountOf(max_cents_));
}

}  // namespace clustr::sales
