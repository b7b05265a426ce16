#ifndef CLUSTR_SERVICES_BUNDLES_VERIFY_VERIFICATIONS_H_
#define CLUSTR_SERVICES_BUNDLES_VERIFY_VERIFICATIONS_H_

#include <atomic>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "grpcpp/support/server_callback.h"
#include "services/bundles/request/parts.h"
#include "services/bundles/verify/verify_stream.h"

namespace clustr::bundles {

// Answers VerifyAssociationRules: compares the served rules with those of an independent miner on a
// separate copy of the shop. Thread-safe; borrows `parts`.
class Verifications {
 public:
  Verifications(const Parts& parts, std::string sales_address, std::string catalog_address)
      : parts_(parts),
        sales_address_(std::move(sales_address)),
        catalog_address_(std::move(catalog_address)) {}

  // Starts a verification. At most two run at a time, as each holds a copy of the shop; others wait
  // in the queue of their class.
  grpc::ServerWriteReactor<v1::VerifyAssociationRulesResponse>* Start(
      grpc::CallbackServerContext* context, const v1::VerifyAssociationRulesRequest* request);

  // Makes running verifications end within a second.
  void Drain() { draining_ = true; }

 private:
  // Reads a copy, compares it, and sends all messages but the last, which receives the verdict.
  absl::Status Verify(VerifyStream* stream, v1::VerifyAssociationRulesResponse* last);
  absl::Status Wanted(const VerifyStream& stream) const;

  const Parts parts_;
  const std::string sales_address_;
  const std::string catalog_address_;
  std::atomic<bool> draining_{false};
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_VERIFY_VERIFICATIONS_H_
