#ifndef CLUSTR_SERVICES_BUNDLES_VERIFY_VERIFY_STREAM_H_
#define CLUSTR_SERVICES_BUNDLES_VERIFY_VERIFY_STREAM_H_

#include <atomic>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "common/base/call_state.h"
#include "common/base/caller.h"
#include "common/rpc/arrival.h"
#include "common/rpc/call_under_way.h"
#include "grpcpp/support/server_callback.h"

namespace clustr::bundles {

// Sends the messages of one VerifyAssociationRules call. A client that does not read them blocks no
// thread. Deletes itself when gRPC is done with it, which is after End.
class VerifyStream final : public grpc::ServerWriteReactor<v1::VerifyAssociationRulesResponse> {
 public:
  // Drops what the contract does not know from the request.
  VerifyStream(grpc::CallbackServerContext* context,
               const v1::VerifyAssociationRulesRequest* request);

  const v1::VerifyAssociationRulesRequest& request() const { return *request_; }
  CallOrigin origin() const { return {rpc::PeerOf(context_), request_->ByteSizeLong()}; }
  Caller caller() const { return {deadline_, &cancelled_, limit_}; }
  // Limits the time that the verification may take.
  void set_limit(const TimeLimit& limit) { limit_ = limit; }

  // Sends `progress`, unless the previous message is still on its way: then the client reads slowly
  // and gets a later one. Must not be called after End.
  void SendProgress(const v1::VerifyAssociationRulesResponse& progress);

  // Ends the call once everything is sent: after `last`, if `status` is OK. Must be called exactly
  // once. The stream may no longer exist when this returns.
  void End(const absl::Status& status, v1::VerifyAssociationRulesResponse last = {});

 private:
  // Sends what is left to send, or finishes.
  void Advance() ABSL_LOCKS_EXCLUDED(mutex_);
  void OnWriteDone(bool ok) override;
  void OnCancel() override { cancelled_.store(true, std::memory_order_relaxed); }
  void OnDone() override;

  const rpc::CallUnderWay under_way_;
  const grpc::CallbackServerContext& context_;
  const v1::VerifyAssociationRulesRequest* const request_;
  const Deadline deadline_;
  const SteadyTime start_;
  TimeLimit limit_;
  std::atomic<bool> cancelled_{false};

  absl::Mutex mutex_;
  bool sending_ ABSL_GUARDED_BY(mutex_) = false;
  v1::VerifyAssociationRulesResponse message_;  // The message being sent.
  // Set by End.
  std::optional<absl::Status> status_ ABSL_GUARDED_BY(mutex_);
  std::optional<v1::VerifyAssociationRulesResponse> last_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_VERIFY_VERIFY_STREAM_H_
