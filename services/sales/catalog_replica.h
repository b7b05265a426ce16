#ifndef CLUSTR_SERVICES_SALES_CATALOG_REPLICA_H_
#define CLUSTR_SERVICES_SALES_CATALOG_REPLICA_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "clustr/catalog/v1/catalog_stream_service.pb.h"
#include "common/rpc/revision_gate.h"
#include "common/streaming/follower.h"

namespace clustr::sales {

// What sales needs of catalog, kept in memory: which customers, products and timeframes there are,
// what a product costs, which date a timeframe is. Thread-safe.
class CatalogReplica final : public streaming::Replica<catalog::v1::StreamCatalogResponse> {
 public:
  // Borrows the gate, which it tells how far it has come.
  explicit CatalogReplica(rpc::RevisionGate* gate) : gate_(*gate) {}

  void Apply(const catalog::v1::StreamCatalogResponse& response) override;
  void Reset() override;

  bool HasCustomer(int64_t customer_id) const;
  // Price of a product that catalog has; unset for one that it has not.
  std::optional<int64_t> PriceCents(int64_t product_sku) const;
  // YYYY-MM-DD of a timeframe that catalog has; empty for one that it has not.
  std::string DateOf(int64_t time_id) const;
  // Timeframe of a date; 0 if catalog has none.
  int64_t TimeIdOf(const std::string& date) const;

  // Adds a timeframe ahead of the stream: sales had catalog create it.
  void AddTimeframe(int64_t time_id, const std::string& date);

 private:
  void ApplyChange(const catalog::v1::CatalogChange& change) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  rpc::RevisionGate& gate_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<int64_t, int64_t> price_cents_ ABSL_GUARDED_BY(mutex_);  // By product_sku.
  absl::flat_hash_set<int64_t> customers_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<int64_t, std::string> date_by_time_id_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, int64_t> time_id_by_date_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_CATALOG_REPLICA_H_
