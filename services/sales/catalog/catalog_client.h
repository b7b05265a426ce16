#ifndef CLUSTR_SERVICES_SALES_CATALOG_CATALOG_CLIENT_H_
#define CLUSTR_SERVICES_SALES_CATALOG_CATALOG_CLIENT_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "clustr/catalog/v1/timeframe_service.grpc.pb.h"
#include "clustr/ops/v1/admin_service.grpc.pb.h"
#include "common/rpc/revision_gate.h"
#include "grpcpp/channel.h"
#include "services/sales/catalog/catalog_replica.h"
#include "services/sales/catalog/unknown_reference.h"

namespace clustr::sales {

// Asks catalog itself where the replica does not know. Calls block, for 5 s at most. Thread-safe.
class CatalogClient {
 public:
  // Borrows replica and gate.
  CatalogClient(std::shared_ptr<grpc::Channel> channel, CatalogReplica* replica,
                rpc::RevisionGate* gate);

  // Brings the replica to what catalog holds now: afterwards, what the replica does not know does
  // not exist. UNAVAILABLE, reason UPSTREAM, if catalog cannot be reached.
  absl::Status CatchUp(absl::Time deadline);

  // Waits until the replica has this revision: see rpc::RevisionGate.
  absl::Status WaitFor(int64_t catalog_revision, absl::Time deadline);

  // Sees to it that catalog has a timeframe of this date and the replica knows it.
  absl::Status EnsureTimeframe(const std::string& date, absl::Time deadline);

 private:
  const std::unique_ptr<ops::v1::AdminService::Stub> admin_;
  const std::unique_ptr<catalog::v1::TimeframeService::Stub> timeframes_;
  CatalogReplica& replica_;
  rpc::RevisionGate& gate_;
};

// What a reference that the replica does not know means after a call of CatalogClient with this
// status: missing if the call succeeded.
CatalogAnswer AnswerAfter(const absl::Status& status);

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_CATALOG_CATALOG_CLIENT_H_
