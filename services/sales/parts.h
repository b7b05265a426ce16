#ifndef CLUSTR_SERVICES_SALES_PARTS_H_
#define CLUSTR_SERVICES_SALES_PARTS_H_

#include "common/resource/resource.h"
#include "services/sales/catalog/catalog_client.h"
#include "services/sales/catalog/catalog_replica.h"
#include "services/sales/row_keys.h"
#include "services/sales/sums/sums_follower.h"
#include "services/sales/write/purchase.h"

namespace clustr::sales {

// What the handlers of sales work with. Everything is thread-safe and outlives the handlers.
struct Parts {
  storage::Store* store;
  rpc::RowCalls* calls;
  CallQueue* analytics;      // Figures, which take seconds if the sums cannot tell.
  CallQueue* verifications;  // Comparisons of the sums with a scan.
  ThreadPool* catalog_pool;  // Runs what may wait for catalog.
  const CatalogReplica* replica;
  CatalogClient* client;
  rpc::RevisionGate* gate;
  resource::Resource<v1::Transaction>* transactions;
  resource::Resource<v1::Sale>* sales;
  const PurchaseWriter* purchases;
  const resource::RowKeys* transaction_keys;
  const SaleKeys* sale_keys;
  SumsFollower* sums;  // Null if figures come from scans alone.
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_PARTS_H_
