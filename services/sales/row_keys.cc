#include "services/sales/row_keys.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"

namespace clustr::sales {

using schema::CellType;

namespace {

absl::Status CatalogWasNeverRead(const google::protobuf::FieldDescriptor& field) {
  return MakeError(common::v1::ERROR_REASON_UPSTREAM,
                   absl::StrCat("catalog was not read yet, so ", field.name(),
                                " cannot be looked up; try again"),
                   {{"service", "catalog"}});
}

}  // namespace

void TransactionKeys::FillKnown(google::protobuf::Message* message) const {
  auto* row = static_cast<v1::Transaction*>(message);
  const std::string key = replica_.CustomerKeyOf(row->customer_id());
  key.empty() ? row->clear_customer_external_id() : row->set_customer_external_id(key);
}

absl::StatusOr<int64_t> TransactionKeys::Find(storage::Session&,
                                              const google::protobuf::FieldDescriptor& field,
                                              const std::string& key) const {
  if (!replica_.complete()) return CatalogWasNeverRead(field);
  return replica_.CustomerIdOf(key);
}

void SaleKeys::FillStored(storage::Session& session, const google::protobuf::Message* previous,
                          google::protobuf::Message* message) const {
  auto* row = static_cast<v1::Sale*>(message);
  row->clear_transaction_external_id();
  const auto* other = static_cast<const v1::Sale*>(previous);
  if (other != nullptr && other->transaction_id() == row->transaction_id()) {
    if (other->has_transaction_external_id()) {
      row->set_transaction_external_id(other->transaction_external_id());
    }
    return;
  }
  storage::Statement& query = session.Prepared(
      "SELECT external_id FROM transactions WHERE transaction_id = :t AND external_id IS NOT NULL",
      {CellType::kInteger}, {CellType::kText});
  query.SetInteger(0, row->transaction_id());
  query.Execute();
  while (query.Fetch()) row->set_transaction_external_id(query.text(0));
}

void SaleKeys::FillLines(const v1::Transaction& header,
                         google::protobuf::RepeatedPtrField<v1::Sale>* lines) const {
  for (v1::Sale& line : *lines) {
    if (header.has_external_id()) {
      line.set_transaction_external_id(header.external_id());
    } else {
      line.clear_transaction_external_id();
    }
  }
  replica_.FillProductKeys(lines);
}

absl::StatusOr<int64_t> SaleKeys::Find(storage::Session& session,
                                       const google::protobuf::FieldDescriptor& field,
                                       const std::string& key) const {
  if (field.number() == v1::Sale::kTransactionExternalIdFieldNumber) {
    return TransactionIdOf(session, key);
  }
  if (!replica_.complete()) return CatalogWasNeverRead(field);
  return replica_.ProductSkuOf(key);
}

void SaleKeys::FillKnown(google::protobuf::Message* message) const {
  auto* row = static_cast<v1::Sale*>(message);
  const std::string key = replica_.ProductKeyOf(row->product_sku());
  key.empty() ? row->clear_product_external_id() : row->set_product_external_id(key);
}

}  // namespace clustr::sales
