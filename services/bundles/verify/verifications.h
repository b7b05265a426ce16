#ifndef CLUSTR_SERVICES_BUNDLES_VERIFY_VERIFICATIONS_H_
#define CLUSTR_SERVICES_BUNDLES_VERIFY_VERIFICATIONS_H_

#include <atomic>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "common/base/thread_pool.h"
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

  // Starts a verification. At most two run at a time; a third ends with RESOURCE_EXHAUSTED, reason
  // QUOTA.
  grpc::ServerWriteReactor<v1::VerifyAssociationRulesResponse>* Start(
      grpc::CallbackServerContext* context, const v1::VerifyAssociationRulesRequest* request);

  // Makes running verifications end within a second.
  void Drain() { draining_ = true; }

 private:
  static constexpr int kMaxAtOnce = 2;

  void Run(VerifyStream* stream);
  // Reads a copy, compares it, and sends all messages.
  absl::Status Verify(VerifyStream* stream);
  absl::Status Wanted(const VerifyStream& stream) const;

  const Parts parts_;
  const std::string sales_address_;
  const std::string catalog_address_;
  std::atomic<int> running_{0};
  std::atomic<bool> draining_{false};
  ThreadPool pool_{kMaxAtOnce};
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_VERIFY_VERIFICATIONS_H_
