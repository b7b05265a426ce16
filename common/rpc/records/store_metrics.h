#ifndef CLUSTR_COMMON_RPC_RECORDS_STORE_METRICS_H_
#define CLUSTR_COMMON_RPC_RECORDS_STORE_METRICS_H_

#include "common/rpc/records/metrics.h"
#include "common/storage/store.h"

namespace clustr::rpc {

// Adds what the writer of a store has measured.
void AddStoreMetrics(const storage::Store& store, Metrics* metrics);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_RECORDS_STORE_METRICS_H_
