#ifndef CLUSTR_COMMON_RPC_CALL_H_
#define CLUSTR_COMMON_RPC_CALL_H_

#include <atomic>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "common/base/errors.h"
#include "common/base/log.h"
#include "common/base/thread_pool.h"
#include "common/rpc/status.h"
#include "common/schema/validator.h"
#include "common/storage/request_log.h"
#include "common/storage/store.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"

// The one frame of every unary call: validate, run away from gRPC's threads, map the status, log.
namespace clustr::rpc {

// `/package.Service/Method` of the method that takes this request; each request belongs to one.
const std::string& MethodOf(const google::protobuf::Descriptor& request);

// Name of a code as gRPC writes it.
std::string CodeName(absl::StatusCode code);

// What clients take without being told to take more: 4 MiB, and a little for the frame.
inline constexpr size_t kMaxAnswerBytes = (size_t{4} << 20) - 1024;

// RESOURCE_EXHAUSTED with reason RESULT_LIMIT for an answer of so many bytes.
absl::Status AnswerTooLarge(size_t bytes);

// A unary call on its way. Deletes itself when gRPC is done with it, which is after Reply; until
// then request and response may be used from one thread at a time.
template <class Request, class Response>
class Call final : public grpc::ServerUnaryReactor {
 public:
  Call(grpc::CallbackServerContext* context, const Request* request, Response* response)
      : request_(request),
        response_(response),
        deadline_(absl::FromChrono(context->deadline())),
        start_(absl::Now()) {}

  const Request& request() const { return *request_; }
  Response& response() { return *response_; }
  absl::Time deadline() const { return deadline_; }

  // OK, or every rule that the request breaks: those of its .proto, and what `check` appends.
  template <class Check>
  absl::Status Validate(const Check& check) const {
    std::vector<Violation> violations;
    schema::ValidatorOf<Request>().Check(*request_, "", &violations);
    check(*request_, &violations);
    return violations.empty() ? absl::OkStatus() : ViolationError(std::move(violations));
  }

  // Who waits for the answer, until Reply.
  Caller caller() const { return {deadline_, &cancelled_}; }
  // OK while somebody waits for the answer.
  absl::Status Wanted() const { return caller().Waits(); }

  // Ends the call. Exactly once; the call may be gone when this returns. An answer to a read that
  // no client would take is an error; that to a write, which is done, is never larger.
  void Reply(absl::Status status) {
    if constexpr (!requires(const Request& asked) { asked.request_id(); }) {
      const size_t bytes = status.ok() ? response_->ByteSizeLong() : 0;
      if (bytes > kMaxAnswerBytes) status = AnswerTooLarge(bytes);
    }
    LogCall(MethodOf(*Request::descriptor()), CodeName(status.code()), ReasonName(ReasonOf(status)),
            absl::Now() - start_);
    Finish(ToGrpc(status));
  }

 private:
  void OnCancel() override { cancelled_.store(true, std::memory_order_relaxed); }
  void OnDone() override { delete this; }

  const Request* const request_;
  Response* const response_;
  const absl::Time deadline_;
  const absl::Time start_;
  std::atomic<bool> cancelled_{false};
};

// For a request that has no rules beyond those of its .proto.
struct NoFurtherRules {
  void operator()(const google::protobuf::Message&, std::vector<Violation>*) const {}
};

// For a call that nothing can answer without the pool.
struct NothingAtHand {
  template <class Request, class Response>
  bool operator()(const Request&, Response*) const {
    return false;
  }
};

// Starts a call: replies at once if the request breaks a rule, otherwise runs `step(call)` on the
// pool, which must see to it that the call is replied to. `check(request, &violations)` adds rules.
// Before the pool `at_hand(request, response)` is asked, on gRPC's own thread: true if it answered
// from memory, at once. That saves two changes of thread, which cost more than a small read.
template <class Request, class Response, class Step, class Check = NoFurtherRules,
          class AtHand = NothingAtHand>
grpc::ServerUnaryReactor* StartCall(grpc::CallbackServerContext* context, const Request* request,
                                    Response* response, ThreadPool& pool, Step step,
                                    const Check& check = {}, const AtHand& at_hand = {}) {
  auto* call = new Call<Request, Response>(context, request, response);
  if (absl::Status valid = call->Validate(check); !valid.ok()) {
    call->Reply(valid);
  } else if (at_hand(*request, response)) {
    call->Reply(absl::OkStatus());
  } else {
    pool.Run([call, step = std::move(step)] {
      if (absl::Status wanted = call->Wanted(); !wanted.ok()) return call->Reply(wanted);
      step(call);
    });
  }
  return call;
}

// A call that only reads: `read(request, response)` returns its status; `at_hand` as in StartCall.
template <class Request, class Response, class Read, class AtHand = NothingAtHand>
grpc::ServerUnaryReactor* ReadCall(grpc::CallbackServerContext* context, const Request* request,
                                   Response* response, ThreadPool& pool, Read read,
                                   const AtHand& at_hand = {}) {
  return StartCall(
      context, request, response, pool,
      [read = std::move(read)](auto* call) {
        call->Reply(read(call->request(), &call->response()));
      },
      NoFurtherRules(), at_hand);
}

// Submits `write(context, request, response)` and replies once it is durable. With a request_id, a
// retry gets the first answer; under validate_only nothing is changed or remembered.
template <class Request, class Response, class Write>
void SubmitWrite(Call<Request, Response>* call, storage::Store& store, Write write) {
  storage::WriteJob job;
  if constexpr (requires { call->request().validate_only(); }) {
    job.validate_only = call->request().validate_only();
  }
  job.work = [call, write = std::move(write),
              validate_only = job.validate_only](storage::WriteContext& context) -> absl::Status {
    if (absl::Status wanted = call->Wanted(); !wanted.ok()) return wanted;
    if constexpr (requires { call->request().request_id(); }) {
      if (!call->request().request_id().empty() && !validate_only) {
        const auto key = storage::RetryKey::Of(MethodOf(*Request::descriptor()),
                                               call->request().request_id(), call->request());
        auto answer = storage::FindAnswer(context.session(), key, absl::Now());
        if (!answer.ok()) return answer.status();
        if (answer->has_value()) {
          call->response().ParseFromString(**answer);
          call->response().set_replayed(true);
          return absl::OkStatus();
        }
        if (absl::Status status = write(context, call->request(), &call->response());
            !status.ok()) {
          return status;
        }
        storage::RememberAnswer(context.session(), key, call->response().SerializeAsString(),
                                absl::Now());
        return absl::OkStatus();
      }
    }
    return write(context, call->request(), &call->response());
  };
  job.done = [call](const absl::Status& status) { call->Reply(status); };
  store.Submit(std::move(job));
}

// A call that writes and needs nothing but the database; `check` as in StartCall.
template <class Request, class Response, class Write, class Check = NoFurtherRules>
grpc::ServerUnaryReactor* WriteCall(grpc::CallbackServerContext* context, const Request* request,
                                    Response* response, storage::Store& store, Write write,
                                    const Check& check = {}) {
  auto* call = new Call<Request, Response>(context, request, response);
  if (absl::Status valid = call->Validate(check); !valid.ok()) {
    call->Reply(valid);
  } else {
    SubmitWrite(call, store, std::move(write));
  }
  return call;
}

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_CALL_H_
