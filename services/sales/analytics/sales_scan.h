#ifndef CLUSTR_SERVICES_SALES_ANALYTICS_SALES_SCAN_H_
#define CLUSTR_SERVICES_SALES_ANALYTICS_SALES_SCAN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "common/storage/session.h"

namespace clustr::sales {

// Days that count, YYYY-MM-DD and inclusive; empty means no bound.
struct Days {
  std::string first;
  std::string last;
};

// A line of which a unit was kept.
struct KeptLine {
  int64_t product_sku;
  int64_t units;  // Kept, at least 1.
  int64_t net_cents;
};

// A transaction with a unit kept.
struct KeptPurchase {
  int64_t transaction_id = 0;
  int64_t customer_id = 0;
  int64_t amount_cents = 0;
  std::string date;  // YYYY-MM-DD.
  std::string channel;
  std::string payment_type;
  std::vector<KeptLine> lines;  // At least one.
};

// What the lines of a transaction are seen as.
enum class LineDetail {
  kEach,
  kSum,  // One line without a product, which stands for all: several times as fast.
};

// Calls `visit` for each transaction of these days with a unit kept, in id order, inside of one
// read: all that is seen is of one state. Asks `wanted` every few thousand transactions and ends
// with what it says unless that is OK. O(transactions + lines between the first and the last of
// these days).
absl::Status ScanSales(storage::Session& session, const Days& days, LineDetail detail,
                       absl::FunctionRef<absl::Status()> wanted,
                       absl::FunctionRef<void(const KeptPurchase&)> visit);

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_ANALYTICS_SALES_SCAN_H_
