#ifndef CLUSTR_SERVICES_SALES_ANALYTICS_SALES_TOTALS_H_
#define CLUSTR_SERVICES_SALES_ANALYTICS_SALES_TOTALS_H_

#include <cstdint>

#include "absl/container/flat_hash_set.h"
#include "absl/numeric/int128.h"
#include "clustr/sales/v1/analytics_service.pb.h"
#include "services/sales/analytics/sales_scan.h"

namespace clustr::sales {

// Sums of lines. Cents are added up in 128 bits: no number of lines overflows them.
struct Totals {
  absl::int128 revenue_cents = 0;
  int64_t transaction_count = 0;
  int64_t unit_count = 0;
  int64_t last_transaction_id = 0;  // The one counted last.

  // Adds a line of a transaction; those of one transaction come one after another.
  void Add(int64_t transaction_id, const KeptLine& line) {
    revenue_cents += line.net_cents;
    unit_count += line.units;
    if (last_transaction_id == transaction_id) return;
    last_transaction_id = transaction_id;
    ++transaction_count;
  }
};

// What GetSalesSummary answers of the transactions that were added.
class Summary {
 public:
  void Add(const KeptPurchase& purchase);
  // Everything but the revision.
  void Tell(v1::GetSalesSummaryResponse* response) const;

 private:
  Totals totals_;
  absl::int128 amount_cents_ = 0;
  int64_t min_cents_ = 0;
  int64_t greatest_cents_ = 0;
  absl::flat_hash_set<int64_t> customers_;
  absl::flat_hash_set<int64_t> products_;
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_ANALYTICS_SALES_TOTALS_H_
