#ifndef CLUSTR_SERVICES_BUNDLES_REQUEST_BLOCKING_STREAM_H_
#define CLUSTR_SERVICES_BUNDLES_REQUEST_BLOCKING_STREAM_H_

#include <atomic>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "common/base/errors.h"
#include "common/base/log.h"
#include "common/rpc/call.h"
#include "common/rpc/call_under_way.h"
#include "common/rpc/status.h"
#include "grpcpp/support/server_callback.h"

namespace clustr::bundles {

// Sends the messages of one server-streaming call from a thread that may block. Deletes itself when
// gRPC is done with it, which is after End.
template <class Request, class Response>
class BlockingStream final : public grpc::ServerWriteReactor<Response> {
 public:
  BlockingStream(grpc::CallbackServerContext* context, const Request* request)
      : request_(request), deadline_(absl::FromChrono(context->deadline())), start_(absl::Now()) {}

  const Request& request() const { return *request_; }
  Caller caller() const { return {deadline_, &cancelled_}; }

  // Blocks until the previous message is sent, then starts to send this one.
  void Send(const Response& message) {
    {
      absl::MutexLock lock(&mutex_);
      AwaitSent();
      message_ = message;
      sending_ = true;
    }
    this->StartWrite(&message_);
  }

  // Ends the call once everything is sent. Must be called exactly once. The stream may no longer
  // exist when this returns.
  void End(const absl::Status& status) {
    {
      absl::MutexLock lock(&mutex_);
      AwaitSent();
    }
    LogCall(rpc::MethodOf(*Request::descriptor()), rpc::CodeName(status.code()),
            ReasonName(ReasonOf(status)), absl::Now() - start_);
    this->Finish(rpc::ToGrpc(status));
  }

 private:
  void AwaitSent() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto sent = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !sending_; };
    mutex_.Await(absl::Condition(&sent));
  }
  void OnWriteDone(bool ok) override {
    if (!ok) cancelled_.store(true, std::memory_order_relaxed);
    absl::MutexLock lock(&mutex_);
    sending_ = false;
  }
  void OnCancel() override { cancelled_.store(true, std::memory_order_relaxed); }
  void OnDone() override {
    // OnWriteDone may still be about to release the lock in another thread.
    { absl::MutexLock lock(&mutex_); }
    delete this;
  }

  const rpc::CallUnderWay under_way_;
  const Request* const request_;
  const absl::Time deadline_;
  const absl::Time start_;
  std::atomic<bool> cancelled_{false};

  absl::Mutex mutex_;
  bool sending_ ABSL_GUARDED_BY(mutex_) = false;
  Response message_;  // The message being sent.
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_REQUEST_BLOCKING_STREAM_H_
