#ifndef CLUSTR_SERVICES_BUNDLES_REQUEST_PROGRESS_STREAM_H_
#define CLUSTR_SERVICES_BUNDLES_REQUEST_PROGRESS_STREAM_H_

#include <atomic>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/base/call_state.h"
#include "common/base/caller.h"
#include "common/base/errors.h"
#include "common/rpc/arrival.h"
#include "common/rpc/call.h"
#include "common/rpc/call_under_way.h"
#include "common/rpc/status.h"
#include "grpcpp/support/server_callback.h"

namespace clustr::bundles {

// Sends the messages of one call that reports its progress and then its result. A client that does
// not read them blocks no thread. Deletes itself when gRPC is done with it, which is after End.
template <class Request, class Response>
class ProgressStream final : public grpc::ServerWriteReactor<Response> {
 public:
  // Drops what the contract does not know from the request.
  ProgressStream(grpc::CallbackServerContext* context, const Request* request);

  // Unless this is OK, the call must end with it.
  const absl::Status& admitted() const { return under_way_.admitted(); }
  const Request& request() const { return *request_; }
  // The place of the call in a trace, for streams of other services on its behalf.
  const rpc::Trace& trace() const { return under_way_.trace(); }
  CallOrigin origin() const { return {rpc::PeerOf(context_), request_->ByteSizeLong()}; }
  Deadline deadline() const { return deadline_; }
  Caller caller() const { return {deadline_, &cancelled_, limit_}; }
  // Limits the time that the work may take.
  void set_limit(const TimeLimit& limit) { limit_ = limit; }

  // Sends `progress`, unless the previous message is still on its way: then the client reads slowly
  // and gets a later one. Must not be called after End.
  void SendProgress(const Response& progress);

  // Ends the call once everything is sent: after `last`, if `status` is OK. Must be called exactly
  // once. The stream may no longer exist when this returns.
  void End(const absl::Status& status, Response last = {});

 private:
  // Sends what is left to send, or finishes.
  void Advance() ABSL_LOCKS_EXCLUDED(mutex_);
  void OnWriteDone(bool ok) override;
  void OnCancel() override { cancelled_.store(true, std::memory_order_relaxed); }
  void OnDone() override;

  rpc::CallUnderWay under_way_;
  const grpc::CallbackServerContext& context_;
  const Request* const request_;
  const Deadline deadline_;
  TimeLimit limit_;
  std::atomic<bool> cancelled_{false};

  absl::Mutex mutex_;
  bool sending_ ABSL_GUARDED_BY(mutex_) = false;
  Response message_;  // The message being sent.
  // Set by End.
  std::optional<absl::Status> status_ ABSL_GUARDED_BY(mutex_);
  std::optional<Response> last_ ABSL_GUARDED_BY(mutex_);
};

// Implementation.

template <class Request, class Response>
ProgressStream<Request, Response>::ProgressStream(grpc::CallbackServerContext* context,
                                                  const Request* request)
    : under_way_(*context, rpc::MethodOf<Request>()),
      context_(*context),
      request_(request),
      deadline_(rpc::DeadlineOf(*context)) {
  rpc::DropUnknownFields(request);
}

template <class Request, class Response>
void ProgressStream<Request, Response>::SendProgress(const Response& progress) {
  {
    absl::MutexLock lock(&mutex_);
    if (sending_) return;
    message_ = progress;
    sending_ = true;
    under_way_.AddSent(message_.ByteSizeLong(), &message_);
  }
  this->StartWrite(&message_);
}

template <class Request, class Response>
void ProgressStream<Request, Response>::End(const absl::Status& status, Response last) {
  {
    absl::MutexLock lock(&mutex_);
    status_ = schema::WithFacts(status, *request_);
    if (status.ok()) last_ = std::move(last);
    if (sending_) return;
  }
  Advance();
}

template <class Request, class Response>
void ProgressStream<Request, Response>::Advance() {
  absl::Status status;
  {
    absl::MutexLock lock(&mutex_);
    if (last_.has_value()) {
      message_ = *std::exchange(last_, std::nullopt);
      sending_ = true;
    } else {
      status = *status_;
    }
    if (sending_) {
      under_way_.AddSent(message_.ByteSizeLong(), &message_);
      this->StartWrite(&message_);
      return;
    }
  }
  under_way_.AddReceived(request_->ByteSizeLong());
  under_way_.End(status, request_, nullptr);
  this->Finish(rpc::ToGrpc(status));
}

template <class Request, class Response>
void ProgressStream<Request, Response>::OnWriteDone(bool ok) {
  {
    absl::MutexLock lock(&mutex_);
    sending_ = false;
    if (!ok) {
      cancelled_.store(true, std::memory_order_relaxed);
      last_.reset();
      if (status_.has_value() && status_->ok()) status_ = GoneError(true);
    }
    if (!status_.has_value()) return;
  }
  Advance();
}

template <class Request, class Response>
void ProgressStream<Request, Response>::OnDone() {
  // The thread that called Finish or StartWrite may still hold the lock.
  { absl::MutexLock lock(&mutex_); }
  delete this;
}

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_REQUEST_PROGRESS_STREAM_H_
