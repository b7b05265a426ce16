#ifndef CLUSTR_SERVICES_SALES_WRITE_IMPORT_RULES_H_
#define CLUSTR_SERVICES_SALES_WRITE_IMPORT_RULES_H_

#include <vector>

#include "absl/time/time.h"
#include "clustr/sales/v1/sale_service.pb.h"
#include "clustr/sales/v1/transaction_service.pb.h"
#include "common/resource/importer.h"
#include "services/sales/catalog/catalog_client.h"
#include "services/sales/write/sale_rules.h"
#include "services/sales/write/transaction_rules.h"

namespace clustr::sales {

// One import of transactions: asks catalog about customers and days that the replica does not know,
// and has it create missing days, but for rows that are refused by themselves or for their
// customer. Borrows all it is given.
class TransactionImportRules final : public resource::ImportRules<v1::ImportTransactionsRequest> {
 public:
  TransactionImportRules(const CatalogReplica* replica, CatalogClient* client,
                         TransactionRules* rules, absl::Time deadline)
      : replica_(*replica), client_(*client), rules_(*rules), deadline_(deadline) {}

  absl::Status Prepare(const v1::ImportTransactionsRequest& request,
                       const std::vector<std::vector<Violation>>& violations) override;
  void BeginBatch(storage::WriteContext& context) override;

 private:
  const CatalogReplica& replica_;
  CatalogClient& client_;
  TransactionRules& rules_;
  const absl::Time deadline_;  // Of the call.
  bool first_ = true;
  bool validate_only_ = false;
  std::atomic<bool> unreachable_{false};
};

// One import of lines: the same for products, and each batch keeps its transactions up to date.
class SaleImportRules final : public resource::ImportRules<v1::ImportSalesRequest> {
 public:
  SaleImportRules(const CatalogReplica* replica, CatalogClient* client, SaleRules* rules,
                  absl::Time deadline)
      : replica_(*replica), client_(*client), rules_(*rules), deadline_(deadline) {}

  absl::Status Prepare(const v1::ImportSalesRequest& request,
                       const std::vector<std::vector<Violation>>& violations) override;
  bool completes_new_rows() const override { return true; }
  void CompleteNew(google::protobuf::Message* row, std::vector<Violation>* violations) override;
  void BeginBatch(storage::WriteContext& context) override;
  void EndBatch(storage::WriteContext& context) override;

 private:
  const CatalogReplica& replica_;
  CatalogClient& client_;
  SaleRules& rules_;
  const absl::Time deadline_;  // Of the call.
  bool first_ = true;
  std::atomic<bool> unreachable_{false};
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_WRITE_IMPORT_RULES_H_
