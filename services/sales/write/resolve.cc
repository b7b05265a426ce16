#include "services/sales/write/resolve.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/schema/validator.h"

namespace clustr::sales {
namespace {

using schema::CellType;

// The violation for a key that names another row than the id that is also given. `what` is for
// example `customer`.
Violation OtherRow(std::string path, absl::string_view what, const std::string& key, int64_t named,
                   absl::string_view id_name, int64_t given) {
  return {std::move(path), absl::StrCat(Quoted(key), " is ", what, " ", named, ", but ", id_name,
                                        " is ", given, "; give one of the two, or two that agree")};
}

// Personal values stay out of the metadata.
Violation WithoutValue(Violation violation) {
  std::erase_if(violation.metadata, [](const auto& entry) { return entry.first == "value"; });
  return violation;
}

}  // namespace

int64_t TransactionIdOf(storage::Session& session, const std::string& external_id) {
  storage::Statement& query =
      session.Prepared("SELECT transaction_id FROM transactions WHERE external_id = :e",
                       {CellType::kText}, {CellType::kInteger});
  query.SetText(0, external_id);
  query.Execute();
  int64_t id = 0;
  while (query.Fetch()) id = query.integer(0);
  return id;
}

void ResolveCustomer(const CatalogReplica& replica, CatalogAnswer answer, v1::Transaction* row,
                     absl::string_view path, std::vector<Violation>* violations) {
  if (!row->has_customer_external_id()) return;
  const std::string& key = row->customer_external_id();
  const int64_t named = replica.CustomerIdOf(key);
  std::string key_path = schema::JoinPath(path, "customer_external_id");
  if (named == 0) {
    violations->push_back(WithoutValue(UnknownReference(
        std::move(key_path), "customer with external_id", key, "create it first", answer)));
  } else if (row->customer_id() != 0 && row->customer_id() != named) {
    violations->push_back(
        OtherRow(std::move(key_path), "customer", key, named, "customer_id", row->customer_id()));
  } else {
    row->set_customer_id(named);
  }
}

void ResolveProduct(const CatalogReplica& replica, CatalogAnswer answer, v1::Sale* row,
                    absl::string_view path, std::vector<Violation>* violations) {
  if (!row->has_product_external_id()) return;
  const std::string& key = row->product_external_id();
  const int64_t named = replica.ProductSkuOf(key);
  std::string key_path = schema::JoinPath(path, "product_external_id");
  if (named == 0) {
    violations->push_back(UnknownReference(std::move(key_path), "product with external_id", key,
                                           "create it first", answer));
  } else if (row->product_sku() != 0 && row->product_sku() != named) {
    violations->push_back(
        OtherRow(std::move(key_path), "product", key, named, "product_sku", row->product_sku()));
  } else {
    row->set_product_sku(named);
  }
}

void ResolveTransaction(int64_t named, v1::Sale* row, absl::string_view path,
                        std::vector<Violation>* violations) {
  const std::string& key = row->transaction_external_id();
  std::string key_path = schema::JoinPath(path, "transaction_external_id");
  if (named == 0) {
    violations->push_back({std::move(key_path),
                           absl::StrCat("there is no transaction with external_id ", Quoted(key),
                                        "; create it first"),
                           common::v1::ERROR_REASON_REFERENCE_MISSING,
                           {{"value", Shortened(key)}}});
  } else if (row->transaction_id() != 0 && row->transaction_id() != named) {
    violations->push_back(OtherRow(std::move(key_path), "transaction", key, named, "transaction_id",
                                   row->transaction_id()));
  } else {
    row->set_transaction_id(named);
  }
}

}  // namespace clustr::sales
