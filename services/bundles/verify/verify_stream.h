#ifndef CLUSTR_SERVICES_BUNDLES_VERIFY_VERIFY_STREAM_H_
#define CLUSTR_SERVICES_BUNDLES_VERIFY_VERIFY_STREAM_H_

#include <atomic>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "common/base/caller.h"
#include "common/rpc/call_under_way.h"
#include "grpcpp/support/server_callback.h"

namespace clustr::bundles {

// Sends the messages of one VerifyAssociationRules call from a thread that may block. Deletes
// itself when gRPC is done with it, which is after End.
class VerifyStream final : public grpc::ServerWriteReactor<v1::VerifyAssociationRulesResponse> {
 public:
  VerifyStream(grpc::CallbackServerContext* context,
               const v1::VerifyAssociationRulesRequest* request);

  const v1::VerifyAssociationRulesRequest& request() const { return *request_; }
  Caller caller() const { return {deadline_, &cancelled_}; }

  // Blocks until the previous message is sent, then starts to send this one.
  void Send(const v1::VerifyAssociationRulesResponse& message);

  // Ends the call once everything is sent. Must be called exactly once. The stream may no longer
  // exist when this returns.
  void End(const absl::Status& status);

 private:
  void AwaitSent() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void OnWriteDone(bool ok) override;
  void OnCancel() override { cancelled_.store(true, std::memory_order_relaxed); }
  void OnDone() override;

  const rpc::CallUnderWay under_way_;
  const v1::VerifyAssociationRulesRequest* const request_;
  const absl::Time deadline_;
  const absl::Time start_;
  std::atomic<bool> cancelled_{false};

  absl::Mutex mutex_;
  bool sending_ ABSL_GUARDED_BY(mutex_) = false;
  v1::VerifyAssociationRulesResponse message_;  // The message being sent.
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_VERIFY_VERIFY_STREAM_H_
