#ifndef CLUSTR_SERVICES_SALES_WRITE_TRANSACTION_RULES_H_
#define CLUSTR_SERVICES_SALES_WRITE_TRANSACTION_RULES_H_

#include <string>
#include <vector>

#include "clustr/sales/v1/transaction.pb.h"
#include "common/resource/row_writer.h"
#include "services/sales/catalog/catalog_replica.h"

namespace clustr::sales {

// Rules of Transaction: its customer and its day are catalog's; an amount that is not given is the
// sum of the lines; its lines go with it. Called on the writer thread.
class TransactionRules final : public resource::RowRules {
 public:
  explicit TransactionRules(const CatalogReplica* replica);

  // What is said of a reference that the replica does not know: REFERENCE_MISSING, or UPSTREAM
  // where catalog could not be asked. Stays until it is set again.
  void set_unknown_reason(std::string reason) { unknown_reason_ = std::move(reason); }

  // A date without a timeframe is accepted: nothing will be stored.
  void set_validate_only(bool validate_only) { validate_only_ = validate_only; }

  // Sum of the lines of the new transaction that is completed next; 0 unless told.
  void set_lines_total_cents(int64_t cents) { lines_total_cents_ = cents; }

  void Complete(storage::WriteContext& context, const google::protobuf::Message* stored,
                const google::protobuf::Message& given, google::protobuf::Message* row,
                absl::string_view path, std::vector<Violation>* violations) override;
  void Removed(storage::WriteContext& context, const google::protobuf::Message& row) override;

 private:
  void CompleteDay(const v1::Transaction* stored, const v1::Transaction& given,
                   v1::Transaction* row, absl::string_view path,
                   std::vector<Violation>* violations) const;

  const CatalogReplica& replica_;
  const storage::Table lines_;
  std::string unknown_reason_ = "REFERENCE_MISSING";
  bool validate_only_ = false;
  int64_t lines_total_cents_ = 0;
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_WRITE_TRANSACTION_RULES_H_
