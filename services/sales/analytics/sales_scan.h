#ifndef CLUSTR_SERVICES_SALES_ANALYTICS_SALES_SCAN_H_
#define CLUSTR_SERVICES_SALES_ANALYTICS_SALES_SCAN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "common/storage/session.h"

namespace clustr::sales {

// A range of days, YYYY-MM-DD and inclusive; an empty bound does not restrict.
struct Days {
  std::string first;
  std::string last;
};

// A line with at least one unit that was not returned.
struct KeptLine {
  int64_t product_sku;
  int64_t units;  // Not returned; at least 1.
  int64_t net_cents;
};

// A transaction with at least one such line.
struct KeptPurchase {
  int64_t transaction_id = 0;
  int64_t customer_id = 0;
  int64_t amount_cents = 0;       // As agreed, before returns.
  int64_t lines_total_cents = 0;  // The sum of all lines before returns.
  std::string date;               // YYYY-MM-DD.
  std::string channel;
  std::string payment_type;
  std::vector<KeptLine> lines;  // At least one, by sale_id; a product may be on several.

  // What is left of the amount after returns; at least 0. A discount on the whole purchase may be
  // more than what is left. O(lines).
  int64_t KeptAmount() const;
};

// How the lines of a transaction are read.
enum class LineDetail {
  kEach,
  kSum,  // One line without a product holds the sum of all; several times as fast.
};

// Calls `visit` for each KeptPurchase of these days in the order of ids, all from the one state
// that the session reads. Calls `wanted` every few thousand transactions and returns its status
// unless that is OK. O(all transactions + the lines of the transactions visited and those with ids
// in between).
absl::Status ScanSales(storage::Session& session, const Days& days, LineDetail detail,
                       absl::FunctionRef<absl::Status()> wanted,
                       absl::FunctionRef<void(const KeptPurchase&)> visit);

// Reads a part of such a scan, for one who does not need a single state: replaces `purchases` by
// the transactions behind the id `after`, those without a kept line as well, in the order of ids,
// some thousands at most; fewer than that, or none, only at the end. Returns false at the end.
bool ReadNextSales(storage::Session& session, int64_t after, std::vector<KeptPurchase>* purchases);

// Replaces `purchases` by the transactions with these ids, which ascend. One that does not exist
// (any more), or has no kept line, comes without lines. O(ids), and less if they are close
// together.
void ReadSales(storage::Session& session, const std::vector<int64_t>& ids,
               std::vector<KeptPurchase>* purchases);

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_ANALYTICS_SALES_SCAN_H_
