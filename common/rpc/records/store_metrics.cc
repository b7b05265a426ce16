#include "common/rpc/records/store_metrics.h"

namespace clustr::rpc {

void AddStoreMetrics(const storage::Store& store, Metrics* metrics) {
  const storage::WriteMeasures& measures = store.measures();
  metrics->Gauge("clustr_waiting_writes", "Writes that wait for the thread that writes.",
                 static_cast<double>(store.waiting()));
  metrics->Gauge("clustr_damaged_rows",
                 "Stored rows with a damaged text that were read, at most 1,000; the problems of "
                 "GetStatus name them.",
                 static_cast<double>(store.damaged_rows()));
  metrics->Add("clustr_commit_seconds",
               "Time of a transaction, which commits the writes of many calls together.",
               measures.commit_seconds.state());
  metrics->Add("clustr_sync_seconds",
               "Time of the last step of a transaction, in which the disk confirms it (fsync).",
               measures.sync_seconds.state());
  metrics->Add("clustr_commit_group_writes", "Writes that were committed together.",
               measures.group_calls.state());
}

}  // namespace clustr::rpc
