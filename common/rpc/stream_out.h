#ifndef CLUSTR_COMMON_RPC_STREAM_OUT_H_
#define CLUSTR_COMMON_RPC_STREAM_OUT_H_

#include <atomic>
#include <functional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "common/base/caller.h"
#include "common/base/errors.h"
#include "common/base/thread_pool.h"
#include "common/rpc/call.h"
#include "grpcpp/support/server_callback.h"

namespace clustr::rpc {

// A server stream whose messages are made by one function. Each message is made on the pool after
// the one before was sent, so a stream costs one message of memory and a slow reader blocks no
// thread. Deletes itself when gRPC is done with it.
template <class Request, class Response>
class StreamOut final : public grpc::ServerWriteReactor<Response> {
 public:
  // Fills the message, which still holds the one before, and returns true; or returns false to end
  // the stream. May return an error early once nobody waits any more (Caller::Waits).
  using Produce = std::function<absl::StatusOr<bool>(const Caller&, Response*)>;

  // Validates the request, then streams with the Produce that `make(request)` returns.
  // `check(request, &violations)` adds rules. Borrows the pool.
  template <class Make, class Check = NoFurtherRules>
  static StreamOut* Start(grpc::CallbackServerContext* context, const Request* request,
                          ThreadPool& pool, Make make, const Check& check = {}) {
    auto* stream = new StreamOut(absl::FromChrono(context->deadline()), pool);
    std::vector<Violation> violations;
    schema::ValidatorOf<Request>().Check(*request, "", &violations);
    check(*request, &violations);
    if (!violations.empty()) {
      stream->End(ViolationError(violations));
    } else {
      stream->produce_ = make(*request);
      stream->Next();
    }
    return stream;
  }

 private:
  StreamOut(absl::Time deadline, ThreadPool& pool)
      : caller_{deadline, &cancelled_}, pool_(pool), start_(absl::Now()) {}

  void Next() {
    pool_.Run([this] {
      if (absl::Status waits = caller_.Waits(); !waits.ok()) return End(waits);
      const absl::StatusOr<bool> more = produce_(caller_, &message_);
      if (!more.ok()) return End(more.status());
      if (!*more) return End(absl::OkStatus());
      this->StartWrite(&message_);
    });
  }

  void End(const absl::Status& status) {
    LogCall(MethodOf(*Request::descriptor()), CodeName(status.code()), ReasonName(ReasonOf(status)),
            absl::Now() - start_);
    this->Finish(ToGrpc(status));
  }

  void OnWriteDone(bool ok) override {
    if (ok) return Next();
    End(GoneError(true));
  }
  void OnCancel() override { cancelled_.store(true, std::memory_order_relaxed); }
  void OnDone() override { delete this; }

  const CallUnderWay under_way_;
  std::atomic<bool> cancelled_{false};
  const Caller caller_;
  ThreadPool& pool_;
  const absl::Time start_;
  Produce produce_;
  Response message_;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_STREAM_OUT_H_
