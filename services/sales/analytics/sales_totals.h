#ifndef CLUSTR_SERVICES_SALES_ANALYTICS_SALES_TOTALS_H_
#define CLUSTR_SERVICES_SALES_ANALYTICS_SALES_TOTALS_H_

#include <cstdint>

#include "absl/container/flat_hash_set.h"
#include "absl/numeric/int128.h"
#include "clustr/sales/v1/analytics_service.pb.h"
#include "services/sales/analytics/sales_scan.h"

namespace clustr::sales {

// Sums over lines. Cents are added in 128 bits, which no number of lines overflows.
struct Totals {
  absl::int128 revenue_cents = 0;
  int64_t transaction_count = 0;
  int64_t unit_count = 0;
  int64_t last_transaction_id = 0;  // The transaction that was counted last.

  // Adds a line. The lines of one transaction must be added one after another.
  void Add(int64_t transaction_id, const KeptLine& line) {
    revenue_cents += line.net_cents;
    unit_count += line.units;
    if (last_transaction_id == transaction_id) return;
    last_transaction_id = transaction_id;
    ++transaction_count;
  }
};

// The figures of GetSalesSummary.
struct SummaryFigures {
  absl::int128 revenue_cents = 0;
  int64_t transaction_count = 0;
  int64_t unit_count = 0;
  int64_t customer_count = 0;
  int64_t product_count = 0;
  absl::int128 amount_cents = 0;  // The sum of KeptPurchase::KeptAmount.
  int64_t min_cents = 0;          // The smallest of these amounts; 0 if there are none.
  int64_t max_cents = 0;          // The largest.

  bool operator==(const SummaryFigures&) const = default;
  // Fills everything but the revision.
  void Report(v1::GetSalesSummaryResponse* response) const;
};

// Sums up these figures of the transactions that were added. Used by one thread.
class Summary {
 public:
  void Add(const KeptPurchase& purchase);
  SummaryFigures Figures() const;

 private:
  Totals totals_;
  absl::int128 amount_cents_ = 0;
  int64_t min_cents_ = 0;
  int64_t max_cents_ = 0;
  absl::flat_hash_set<int64_t> customers_;
  absl::flat_hash_set<int64_t> products_;
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_ANALYTICS_SALES_TOTALS_H_
