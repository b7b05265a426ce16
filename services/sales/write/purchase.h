#ifndef CLUSTR_SERVICES_SALES_WRITE_PURCHASE_H_
#define CLUSTR_SERVICES_SALES_WRITE_PURCHASE_H_

#include <vector>

#include "absl/status/status.h"
#include "clustr/sales/v1/transaction_service.pb.h"
#include "common/resource/row_writer.h"
#include "services/sales/catalog/catalog_replica.h"
#include "services/sales/write/write_facts.h"

namespace clustr::sales {

// Appends the violations that need no other row: ids that are given, required fields that are not.
void CheckPurchase(const v1::RecordPurchaseRequest& request, std::vector<Violation>* violations);

// Stores purchases: header and lines in one savepoint under one revision. Immutable; borrows all it
// is given.
class PurchaseWriter {
 public:
  PurchaseWriter(const CatalogReplica* replica, const resource::RowWriter* transactions,
                 const resource::RowWriter* sales)
      : replica_(*replica), transactions_(*transactions), sales_(*sales) {}

  // Fills prices, totals, day and ids, and answers with what was stored. Reports the violations of
  // the header and of all lines together. `facts` need no lines_total_cents. On the writer thread.
  absl::Status Write(storage::WriteContext& context, const v1::RecordPurchaseRequest& request,
                     WriteFacts facts, v1::RecordPurchaseResponse* response) const;

 private:
  const CatalogReplica& replica_;
  const resource::RowWriter& transactions_;
  const resource::RowWriter& sales_;
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_WRITE_PURCHASE_H_
