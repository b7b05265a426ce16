#ifndef CLUSTR_SERVICES_BUNDLES_VERIFY_VERIFICATIONS_H_
#define CLUSTR_SERVICES_BUNDLES_VERIFY_VERIFICATIONS_H_

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "common/streaming/upstream.h"
#include "grpcpp/support/server_callback.h"
#include "services/bundles/request/parts.h"
#include "services/bundles/verify/verify_stream.h"

namespace clustr::bundles {

// Answers VerifyAssociationRules: compares the served rules with those of an independent miner on a
// separate copy of the shop. Thread-safe; borrows `parts`.
class Verifications {
 public:
  Verifications(const Parts& parts, std::shared_ptr<const streaming::Upstream> sales,
                std::shared_ptr<const streaming::Upstream> catalog)
      : parts_(parts), sales_(std::move(sales)), catalog_(std::move(catalog)) {}

  // Starts a verification. At most two run at a time, as each holds a copy of the shop; others wait
  // in the queue of their class.
  grpc::ServerWriteReactor<v1::VerifyAssociationRulesResponse>* Start(
      grpc::CallbackServerContext* context, const v1::VerifyAssociationRulesRequest* request);

 private:
  // Reads a copy, compares it, and sends all messages but the last, which receives the verdict.
  absl::Status Verify(VerifyStream* stream, v1::VerifyAssociationRulesResponse* last);

  const Parts parts_;
  const std::shared_ptr<const streaming::Upstream> sales_;
  const std::shared_ptr<const streaming::Upstream> catalog_;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_VERIFY_VERIFICATIONS_H_
