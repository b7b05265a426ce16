#ifndef CLUSTR_SERVICES_SALES_WRITE_TRANSACTION_RULES_H_
#define CLUSTR_SERVICES_SALES_WRITE_TRANSACTION_RULES_H_

#include <vector>

#include "clustr/sales/v1/transaction.pb.h"
#include "common/resource/row_writer.h"
#include "services/sales/catalog/catalog_replica.h"
#include "services/sales/write/write_facts.h"

namespace clustr::sales {

// Rules of Transaction, for one write: its customer and its day exist in catalog, an amount that is
// not given is the sum of its lines and follows them (SaleRules), and its lines are removed with
// it.
class TransactionRules final : public resource::RowRules {
 public:
  // Borrows both; `lines` is the table of sales.
  TransactionRules(const CatalogReplica* replica, const storage::Table* lines, WriteFacts facts)
      : replica_(*replica), lines_(*lines), facts_(facts) {}

  void Resolve(storage::WriteContext& context, google::protobuf::Message* row,
               absl::string_view path, std::vector<Violation>* violations) override;
  void Complete(storage::WriteContext& context, const google::protobuf::Message* stored,
                const google::protobuf::Message& given, google::protobuf::Message* row,
                absl::string_view path, std::vector<Violation>* violations) override;
  void Removed(storage::WriteContext& context, const google::protobuf::Message& row) override;

 private:
  // True if a row may refer to this customer.
  bool CheckCustomer(int64_t id, std::string path, std::vector<Violation>* violations) const;
  void CompleteDay(const v1::Transaction* stored, const v1::Transaction& given,
                   v1::Transaction* row, absl::string_view path,
                   std::vector<Violation>* violations) const;

  const CatalogReplica& replica_;
  const storage::Table& lines_;
  const WriteFacts facts_;
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_WRITE_TRANSACTION_RULES_H_
