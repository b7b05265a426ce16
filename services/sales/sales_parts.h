#ifndef CLUSTR_SERVICES_SALES_SALES_PARTS_H_
#define CLUSTR_SERVICES_SALES_SALES_PARTS_H_

#include "common/resource/resource.h"
#include "services/sales/catalog/catalog_client.h"
#include "services/sales/catalog/catalog_replica.h"
#include "services/sales/write/purchase.h"
#include "services/sales/write/sale_rules.h"
#include "services/sales/write/transaction_rules.h"

namespace clustr::sales {

// What the handlers of sales work on; all of it outlives them.
struct SalesParts {
  storage::Store* store;
  ThreadPool* pool;          // Reads.
  ThreadPool* catalog_pool;  // What may wait for catalog.
  ThreadPool* scan_pool;     // Reads that may take seconds and must not hold up others.
  const CatalogReplica* replica;
  CatalogClient* client;
  rpc::RevisionGate* gate;
  TransactionRules* transaction_rules;  // The writer thread's, as the next.
  SaleRules* sale_rules;
  resource::Resource<v1::Transaction>* transactions;
  resource::Resource<v1::Sale>* sales;
  PurchaseWriter* purchases;
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_SALES_PARTS_H_
