#ifndef CLUSTR_SERVICES_SALES_CATALOG_CATALOG_CLIENT_H_
#define CLUSTR_SERVICES_SALES_CATALOG_CATALOG_CLIENT_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "common/base/steady_time.h"
#include "common/rpc/revision_gate.h"
#include "common/rpc/tracing/trace.h"
#include "common/streaming/upstream.h"
#include "services/sales/catalog/catalog_replica.h"
#include "services/sales/catalog/unknown_reference.h"

namespace clustr::sales {

// Asks catalog itself about what the replica does not know. Every call blocks, except WaitFor for
// 5 s at most. `trace` is that of the call that has to know. Thread-safe.
class CatalogClient {
 public:
  // Borrows replica and gate.
  CatalogClient(std::shared_ptr<const streaming::Upstream> catalog, CatalogReplica* replica,
                rpc::RevisionGate* gate);

  // Brings the replica to what catalog holds now: afterwards, what the replica does not know does
  // not exist. UNAVAILABLE, reason UPSTREAM, if catalog cannot be reached or the replica does not
  // arrive there in time.
  absl::Status CatchUp(Deadline deadline, const rpc::Trace& trace);

  // Waits until the replica has this revision; see rpc::RevisionGate.
  absl::Status WaitFor(int64_t catalog_revision, Deadline deadline);

  // Makes sure that catalog has a timeframe for this date, and that the replica knows it.
  // UNAVAILABLE, reason UPSTREAM, if that fails.
  absl::Status EnsureTimeframe(const std::string& date, Deadline deadline, const rpc::Trace& trace);

 private:
  const std::shared_ptr<const streaming::Upstream> catalog_;
  CatalogReplica& replica_;
  rpc::RevisionGate& gate_;
};

// What a reference that the replica does not know means after a call of CatalogClient with this
// status: missing if the call succeeded.
CatalogAnswer AnswerAfter(const absl::Status& status);

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_CATALOG_CATALOG_CLIENT_H_
