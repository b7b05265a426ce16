#ifndef CLUSTR_COMMON_RPC_STREAM_OUT_H_
#define CLUSTR_COMMON_RPC_STREAM_OUT_H_

#include <atomic>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/call_queue.h"
#include "common/base/call_slots.h"
#include "common/base/caller.h"
#include "common/base/errors.h"
#include "common/base/pause_watch.h"
#include "common/rpc/call.h"
#include "common/rpc/connections/connection.h"
#include "common/schema/refused_field.h"
#include "grpcpp/support/server_callback.h"

namespace clustr::rpc {

// A server stream whose messages are made by one function. Each message is made in a queue after
// the one before was sent, so a stream costs one message of memory and a slow reader blocks no
// thread. Deletes itself when gRPC is done with it.
template <class Request, class Response>
class StreamOut final : public grpc::ServerWriteReactor<Response> {
 public:
  // Fills the message, which still holds the one before, and returns true; or returns false to end
  // the stream. May return an error early once nobody waits any more (Caller::Waits).
  using Produce = std::function<absl::StatusOr<bool>(const Caller&, Response*)>;

  // Ends with an error if the caller may not make this call. Validates the request, takes one of
  // `slots` until the end of the stream, then streams with the Produce that `make(request)`
  // returns. The time limit of the queue applies to each message. `check(request, &violations)`
  // adds rules. Messages lose the personal data that their reader must not see, after `produce` has
  // made them. A client that takes next to nothing for as long as `pauses` says loses its slot and
  // is told CLIENT_PAUSED behind the message that it has not taken; if it has not taken that
  // after as long again, the call is cancelled. Not with nullptr. Borrows queue, slots and pauses.
  template <class Make, class Check = NoFurtherRules>
  static StreamOut* Start(grpc::CallbackServerContext* context, const Request* request,
                          CallQueue& queue, CallSlots& slots, PauseWatch* pauses, Make make,
                          const Check& check = {}) {
    return StartAfter(
        context, request, queue, slots, pauses,
        [](const CallOrigin&, const Caller&, const auto& begin) { begin(absl::OkStatus()); },
        std::move(make), check);
  }

  // The same, but begins only once `ready(origin, caller, begin)` has called `begin` with OK, which
  // it may do on any thread; another status ends the stream.
  template <class Ready, class Make, class Check = NoFurtherRules>
  static StreamOut* StartAfter(grpc::CallbackServerContext* context, const Request* request,
                               CallQueue& queue, CallSlots& slots, PauseWatch* pauses,
                               const Ready& ready, Make make, const Check& check = {}) {
    DropUnknownFields(request);
    auto* stream = new StreamOut(context, request, queue, pauses);
    std::vector<Violation> violations;
    schema::ValidatorOf<Request>().Check(*request, "", &violations);
    check(*request, &violations);
    absl::Status begun = stream->under_way_.admitted();
    if (begun.ok()) {
      begun = violations.empty()
                  ? stream->Occupy(slots)
                  : schema::WithFacts(ViolationError(std::move(violations)), *request);
    }
    if (!begun.ok()) {
      stream->End(begun);
      return stream;
    }
    stream->produce_ = make(*request);
    ready(stream->origin_, stream->caller_, [stream](const absl::Status& status) {
      if (!status.ok()) return stream->End(status);
      stream->Next();
    });
    return stream;
  }

 private:
  StreamOut(grpc::CallbackServerContext* context, const Request* request, CallQueue& queue,
            PauseWatch* pauses)
      : under_way_(*context, MethodOf<Request>()),
        request_(request),
        origin_{PeerOf(*context)},
        caller_{DeadlineOf(*context), &cancelled_},
        queue_(queue) {
    under_way_.AddReceived(request->ByteSizeLong());
    if (pauses == nullptr) return;
    pause_.emplace(
        pauses, [this, context, pauses] { Paused(context, *pauses); },
        Connection::SentTo(context->peer()));
  }

  absl::Status Occupy(CallSlots& slots) {
    CLUSTR_ASSIGN_OR_RETURN(slot_, slots.Take(origin_));
    return absl::OkStatus();
  }

  void Next() {
    queue_.Continue(origin_, caller_, [this](const absl::Status& status) {
      if (!status.ok()) return End(status);
      caller_.limit = queue_.StartLimit();
      const absl::StatusOr<bool> more = produce_(caller_, &message_);
      caller_.limit = {};
      if (!more.ok()) return End(more.status());
      if (!*more) return End(absl::OkStatus());
      under_way_.Cover(&message_);
      under_way_.AddSent(message_.ByteSizeLong(), &message_);
      absl::MutexLock lock(&mutex_);
      if (pause_) pause_->Begin();
      this->StartWrite(&message_);
    });
  }

  // The client has not taken the message, on the thread of the watch. gRPC sends the status behind
  // the message, so the client gets both if it goes on after all.
  void Paused(grpc::CallbackServerContext* context, const PauseWatch& pauses) {
    absl::MutexLock lock(&mutex_);
    if (std::exchange(paused_, true)) return context->TryCancel();
    slot_ = CallSlots::Slot();
    // Nothing limits calls without a slot, so what else moves on the connection does not count.
    pause_->BeginForTimeAlone();
    End(pauses.TooLong("took"));
  }

  void End(const absl::Status& status) {
    under_way_.End(status, request_, nullptr);
    this->Finish(ToGrpc(status));
  }

  void OnWriteDone(bool ok) override {
    // Paused() has ended the call, or is about to.
    if (pause_ && !pause_->End()) return;
    {
      absl::MutexLock lock(&mutex_);
      if (paused_) return;
    }
    if (ok) return Next();
    End(GoneError(true));
  }
  void OnCancel() override { cancelled_.store(true, std::memory_order_relaxed); }
  void OnDone() override {
    // The thread that called Finish may still hold the lock.
    { absl::MutexLock lock(&mutex_); }
    delete this;
  }

  CallUnderWay under_way_;
  const Request* const request_;
  std::atomic<bool> cancelled_{false};
  const CallOrigin origin_;
  Caller caller_;
  CallQueue& queue_;
  CallSlots::Slot slot_;
  Produce produce_;
  Response message_;
  absl::Mutex mutex_;
  bool paused_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<PauseWatch::Stream> pause_;  // While a message is sent. The first to be destroyed.
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_STREAM_OUT_H_
