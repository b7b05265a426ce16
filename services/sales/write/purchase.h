#ifndef CLUSTR_SERVICES_SALES_WRITE_PURCHASE_H_
#define CLUSTR_SERVICES_SALES_WRITE_PURCHASE_H_

#include <vector>

#include "absl/status/status.h"
#include "clustr/sales/v1/transaction_service.pb.h"
#include "common/resource/row_writer.h"
#include "services/sales/catalog/catalog_replica.h"
#include "services/sales/write/transaction_rules.h"

namespace clustr::sales {

// Appends what a purchase breaks of its own: ids that are given, required fields that are not.
void CheckPurchase(const v1::RecordPurchaseRequest& request, std::vector<Violation>* violations);

// Stores purchases: header and lines in one savepoint under one revision. Used on the writer
// thread; borrows all it is given.
class PurchaseWriter {
 public:
  PurchaseWriter(const CatalogReplica* replica, TransactionRules* rules,
                 const resource::RowWriter* transactions, const storage::Table* sales)
      : replica_(*replica), rules_(*rules), transactions_(*transactions), sales_(*sales) {}

  // Fills prices, totals, day and ids, and answers with what was stored. Violations of all lines
  // and the header are reported together; references that the replica does not know with
  // `unknown_reason`.
  absl::Status Write(storage::WriteContext& context, const v1::RecordPurchaseRequest& request,
                     absl::string_view unknown_reason, v1::RecordPurchaseResponse* response);

 private:
  const CatalogReplica& replica_;
  TransactionRules& rules_;
  const resource::RowWriter& transactions_;
  const storage::Table& sales_;
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_WRITE_PURCHASE_H_
