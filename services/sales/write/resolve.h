#ifndef CLUSTR_SERVICES_SALES_WRITE_RESOLVE_H_
#define CLUSTR_SERVICES_SALES_WRITE_RESOLVE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "clustr/sales/v1/sale.pb.h"
#include "clustr/sales/v1/transaction.pb.h"
#include "common/storage/session.h"
#include "services/sales/catalog/catalog_replica.h"
#include "services/sales/catalog/unknown_reference.h"

// Turns the external_ids by which rows of sales name other rows into their ids.
namespace clustr::sales {

// Id of the transaction with this external_id; 0 if there is none. One look-up in an index.
int64_t TransactionIdOf(storage::Session& session, const std::string& external_id);

// Sets the id from the key, if the row gives the key. Appends a violation, and leaves the id as it
// is, if there is no such row (see UnknownReference) or if the id that is also given is another.
void ResolveCustomer(const CatalogReplica& replica, CatalogAnswer answer, v1::Transaction* row,
                     absl::string_view path, std::vector<Violation>* violations);
void ResolveProduct(const CatalogReplica& replica, CatalogAnswer answer, v1::Sale* row,
                    absl::string_view path, std::vector<Violation>* violations);
// The same for a row that gives a transaction_external_id; `named` is what TransactionIdOf says of
// it.
void ResolveTransaction(int64_t named, v1::Sale* row, absl::string_view path,
                        std::vector<Violation>* violations);

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_WRITE_RESOLVE_H_
