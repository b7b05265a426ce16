#ifndef CLUSTR_SERVICES_SALES_WRITE_IMPORT_PREPARATION_H_
#define CLUSTR_SERVICES_SALES_WRITE_IMPORT_PREPARATION_H_

#include <memory>
#include <vector>

#include "clustr/sales/v1/sale_service.pb.h"
#include "clustr/sales/v1/transaction_service.pb.h"
#include "common/base/steady_time.h"
#include "common/resource/importer.h"
#include "common/rpc/tracing/trace.h"
#include "services/sales/catalog/catalog_client.h"
#include "services/sales/write/sale_rules.h"
#include "services/sales/write/transaction_rules.h"

namespace clustr::sales {

// Prepares the batches of one import of transactions: asks catalog about customers and timeframes
// that the replica does not know, and has it create a timeframe for each new date of a row that is
// not refused by itself or for its customer. Where catalog cannot be reached, the import fails at
// the first row that it was needed for, and can be sent again. Borrows all it is given.
class TransactionImportPreparation final
    : public resource::ImportPreparation<v1::ImportTransactionsRequest> {
 public:
  // `lines` is the table of sales; `deadline` and `trace` are those of the call.
  TransactionImportPreparation(const CatalogReplica* replica, CatalogClient* client,
                               const storage::Table* lines, Deadline deadline, rpc::Trace trace)
      : replica_(*replica),
        client_(*client),
        lines_(*lines),
        deadline_(deadline),
        trace_(std::move(trace)) {}

  absl::StatusOr<std::unique_ptr<resource::RowRules>> Prepare(
      const v1::ImportTransactionsRequest& request, const resource::RowFaults& faults) override;

 private:
  bool KnowsReferences(const v1::Transaction& row) const;
  CatalogAnswer AskCatalog(const v1::ImportTransactionsRequest& request,
                           const resource::RowFaults& faults);

  const CatalogReplica& replica_;
  CatalogClient& client_;
  const storage::Table& lines_;
  const Deadline deadline_;
  const rpc::Trace trace_;
  bool first_ = true;
  bool validate_only_ = false;  // As the first batch says.
};

// Prepares the batches of one import of lines: asks catalog about products that the replica does
// not know. Fails as an import of transactions does.
class SaleImportPreparation final : public resource::ImportPreparation<v1::ImportSalesRequest> {
 public:
  SaleImportPreparation(const CatalogReplica* replica, CatalogClient* client, Deadline deadline,
                        rpc::Trace trace)
      : replica_(*replica), client_(*client), deadline_(deadline), trace_(std::move(trace)) {}

  absl::StatusOr<std::unique_ptr<resource::RowRules>> Prepare(
      const v1::ImportSalesRequest& request, const resource::RowFaults& faults) override;

 private:
  const CatalogReplica& replica_;
  CatalogClient& client_;
  const Deadline deadline_;
  const rpc::Trace trace_;
  bool first_ = true;
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_WRITE_IMPORT_PREPARATION_H_
