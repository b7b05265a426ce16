#ifndef CLUSTR_SERVICES_SALES_WRITE_SALE_RULES_H_
#define CLUSTR_SERVICES_SALES_WRITE_SALE_RULES_H_

#include <vector>

#include "clustr/sales/v1/sale.pb.h"
#include "common/resource/row_writer.h"
#include "services/sales/catalog/catalog_replica.h"
#include "services/sales/write/sale_owners.h"
#include "services/sales/write/write_facts.h"

namespace clustr::sales {

// Greatest number of lines of a transaction.
inline constexpr int64_t kMaxLines = 10'000;

// Fills what a line leaves unset: its unit price from catalog, its line total and its net total.
// Appends violations that involve several of its fields. `stored` is the line as it is now, or
// nullptr for a new one; `given` holds the fields that the write takes from the caller. A new
// quantity or unit price without a line total recomputes the line total. A product that the replica
// does not know is reported as `answer` says.
void CompleteSale(const CatalogReplica& replica, CatalogAnswer answer, const v1::Sale* stored,
                  const v1::Sale& given, v1::Sale* row, absl::string_view path,
                  std::vector<Violation>* violations);

// Rules of Sale, for one write: those of CompleteSale, and that a line belongs to a transaction
// that exists and has at most kMaxLines lines. End updates the total and the revision of the
// transactions whose lines were written, and the amounts that follow the total.
class SaleRules final : public resource::RowRules {
 public:
  // Borrows the replica.
  SaleRules(const CatalogReplica* replica, WriteFacts facts) : replica_(*replica), facts_(facts) {}

  void Expect(storage::WriteContext& context,
              absl::Span<const google::protobuf::Message* const> rows) override;
  void Resolve(storage::WriteContext& context, google::protobuf::Message* row,
               absl::string_view path, std::vector<Violation>* violations) override;
  void Complete(storage::WriteContext& context, const google::protobuf::Message* stored,
                const google::protobuf::Message& given, google::protobuf::Message* row,
                absl::string_view path, std::vector<Violation>* violations) override;
  bool completes_new_rows() const override { return true; }
  void CompleteNew(google::protobuf::Message* row, std::vector<Violation>* violations) override;
  void Admit(storage::WriteContext& context, const google::protobuf::Message& given,
             absl::string_view path, std::vector<Violation>* violations) override;
  void Stored(storage::WriteContext& context, const google::protobuf::Message& row) override;
  void Removed(storage::WriteContext& context, const google::protobuf::Message& row) override;
  void End(storage::WriteContext& context) override;

 private:
  const CatalogReplica& replica_;
  const WriteFacts facts_;
  SaleOwners owners_;
  int64_t max_product_sku_ = 0;  // Of the lines that were stored.
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_WRITE_SALE_RULES_H_
