#ifndef CLUSTR_SERVICES_SALES_WRITE_SALE_RULES_H_
#define CLUSTR_SERVICES_SALES_WRITE_SALE_RULES_H_

#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "clustr/sales/v1/sale.pb.h"
#include "clustr/sales/v1/transaction.pb.h"
#include "common/resource/row_writer.h"
#include "services/sales/catalog/catalog_replica.h"

namespace clustr::sales {

// Most lines of a transaction.
inline constexpr int64_t kMaxLines = 10'000;

// Fills what a line leaves unset (unit price from catalog, line total) and its net total, and
// appends what is wrong across its fields. `stored` is the line as it is, nullptr for a new one;
// `given` what is taken of what the caller sent: a new quantity or unit price without a line total
// recomputes it. A product that the replica does not know is reported with `unknown_reason`.
void CompleteSale(const CatalogReplica& replica, absl::string_view unknown_reason,
                  const v1::Sale* stored, const v1::Sale& given, v1::Sale* row,
                  absl::string_view path, std::vector<Violation>* violations);

// Rules of Sale: CompleteSale, and a line belongs to a transaction that exists and has room, whose
// total and revision follow. Called on the writer thread, each batch of lines between Begin and
// End.
class SaleRules final : public resource::RowRules {
 public:
  // Borrows the replica.
  explicit SaleRules(const CatalogReplica* replica) : replica_(*replica) {}

  // See TransactionRules.
  void set_unknown_reason(std::string reason) { unknown_reason_ = std::move(reason); }

  void Begin() override;
  // Brings the transactions of the lines that were stored or removed up to date.
  void End(storage::WriteContext& context) override;

  void Complete(storage::WriteContext& context, const google::protobuf::Message* stored,
                const google::protobuf::Message& given, google::protobuf::Message* row,
                absl::string_view path, std::vector<Violation>* violations) override;
  void Admit(storage::WriteContext& context, const google::protobuf::Message& given,
             absl::string_view path, std::vector<Violation>* violations) override;
  void Stored(storage::WriteContext& context, const google::protobuf::Message& row) override;
  void Removed(storage::WriteContext& context, const google::protobuf::Message& row) override;

 private:
  struct Owner {
    bool exists = false;
    bool touched = false;
    int64_t line_count = 0;
  };
  Owner& OwnerOf(storage::WriteContext& context, int64_t transaction_id);

  const CatalogReplica& replica_;
  std::string unknown_reason_ = "REFERENCE_MISSING";
  absl::btree_map<int64_t, Owner> owners_;  // Of the batch, by transaction_id.
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_WRITE_SALE_RULES_H_
