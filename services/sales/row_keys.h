#ifndef CLUSTR_SERVICES_SALES_ROW_KEYS_H_
#define CLUSTR_SERVICES_SALES_ROW_KEYS_H_

#include <cstdint>
#include <string>

#include "clustr/sales/v1/sale.pb.h"
#include "clustr/sales/v1/transaction.pb.h"
#include "common/resource/row_keys.h"
#include "services/sales/catalog/catalog_replica.h"
#include "services/sales/write/resolve.h"

// The external_ids of the rows that rows of sales refer to. Those of catalog are the ones that the
// replica holds now. Immutable; borrow the replica.
namespace clustr::sales {

class TransactionKeys final : public resource::RowKeys {
 public:
  explicit TransactionKeys(const CatalogReplica* replica) : replica_(*replica) {}

  void FillStored(storage::Session&, const google::protobuf::Message*,
                  google::protobuf::Message*) const override {}
  void FillKnown(google::protobuf::Message* row) const override;
  absl::StatusOr<int64_t> Find(storage::Session& session,
                               const google::protobuf::FieldDescriptor& field,
                               const std::string& key) const override;

 private:
  const CatalogReplica& replica_;
};

class SaleKeys final : public resource::RowKeys {
 public:
  explicit SaleKeys(const CatalogReplica* replica) : replica_(*replica) {}

  // One look-up of the transaction by its id.
  void FillStored(storage::Session& session, const google::protobuf::Message* previous,
                  google::protobuf::Message* row) const override;
  void FillKnown(google::protobuf::Message* row) const override;
  absl::StatusOr<int64_t> Find(storage::Session& session,
                               const google::protobuf::FieldDescriptor& field,
                               const std::string& key) const override;
  // The same for all lines of the transaction `header`, without any look-up in the database.
  void FillLines(const v1::Transaction& header,
                 google::protobuf::RepeatedPtrField<v1::Sale>* lines) const;

 private:
  const CatalogReplica& replica_;
};

// Completes the rows of an answer: `transaction`, `sale`, or `sales`, which are lines of
// `transaction` or, where an answer has none, of one that is not answered.
template <class Response>
void FillKeys(const resource::RowKeys& transactions, const SaleKeys& sales,
              storage::Session& session, Response* response) {
  if constexpr (requires { response->mutable_transaction(); }) {
    transactions.Fill(session, nullptr, response->mutable_transaction());
  }
  if constexpr (requires { response->mutable_sale(); }) {
    sales.Fill(session, nullptr, response->mutable_sale());
  }
  if constexpr (requires {
                  response->mutable_sales();
                  response->transaction();
                }) {
    sales.FillLines(response->transaction(), response->mutable_sales());
  } else if constexpr (requires { response->mutable_sales(); }) {
    const v1::Sale* previous = nullptr;
    for (v1::Sale& sale : *response->mutable_sales()) {
      sales.Fill(session, previous, &sale);
      previous = &sale;
    }
  }
}

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_ROW_KEYS_H_
