#ifndef CLUSTR_COMMON_RPC_CALL_H_
#define CLUSTR_COMMON_RPC_CALL_H_

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "common/base/errors.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/base/thread_pool.h"
#include "common/rpc/call_under_way.h"
#include "common/rpc/status.h"
#include "common/schema/validator.h"
#include "common/storage/personal.h"
#include "common/storage/request_log.h"
#include "common/storage/store.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"

// The frame of every unary call: it validates the request, runs the call away from gRPC's threads,
// maps the status and writes one line to the log.
namespace clustr::rpc {

// `/package.Service/Method` of the method that takes this request; no request type is shared by two
// methods. Thread-safe.
const std::string& MethodOf(const google::protobuf::Descriptor& request);

// Name of a code as gRPC writes it: `NOT_FOUND`.
std::string CodeName(absl::StatusCode code);

// Greatest answer that clients accept by default: 4 MiB, less a little for the frame.
inline constexpr size_t kMaxAnswerBytes = (size_t{4} << 20) - 1024;

// RESOURCE_EXHAUSTED with reason RESULT_LIMIT for an answer of `bytes`.
absl::Status AnswerTooLarge(size_t bytes);

// A unary call in progress. Deletes itself when gRPC is done with it, which is after Reply; until
// then request and response may be used by one thread at a time.
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

  // OK, or an error with every violation of the request: those of the rules in its .proto file, and
  // those that `check(request, &violations)` appends.
  template <class Check>
  absl::Status Validate(const Check& check) const {
    std::vector<Violation> violations;
    schema::ValidatorOf<Request>().Check(*request_, "", &violations);
    check(*request_, &violations);
    return violations.empty() ? absl::OkStatus() : ViolationError(std::move(violations));
  }

  // Tells long work whether somebody still waits for the answer. Valid until Reply.
  Caller caller() const { return {deadline_, &cancelled_}; }
  // OK while somebody waits for the answer.
  absl::Status Wanted() const { return caller().Waits(); }

  // Ends the call. Must be called exactly once; the call may be deleted when this returns. The
  // answer to a read that is above kMaxAnswerBytes becomes AnswerTooLarge. An answer to a write is
  // sent whatever its size, as the write is done; it is never that large.
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

  const CallUnderWay under_way_;
  const Request* const request_;
  Response* const response_;
  const absl::Time deadline_;
  const absl::Time start_;
  std::atomic<bool> cancelled_{false};
};

// The `check` of a request whose only rules are those in its .proto file.
struct NoFurtherRules {
  void operator()(const google::protobuf::Message&, std::vector<Violation>*) const {}
};

// The `at_hand` of a call that always needs the pool.
struct NothingAtHand {
  template <class Request, class Response>
  bool operator()(const Request&, Response*) const {
    return false;
  }
};

// Starts a call. Replies at once if the request is invalid; otherwise runs `step(call)` on the
// pool, which must take care that the call is replied to. `check(request, &violations)` adds rules.
// `at_hand(request, response)` runs before, on gRPC's own thread, and returns true if it filled the
// response from memory without waiting: that saves two changes of thread, which cost more than a
// small read.
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

// A call that only reads. `read(request, response)` runs on the pool and returns the status of the
// call; `at_hand` as in StartCall.
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

// True if a write request asks for a check only.
template <class Request>
bool ValidateOnly(const Request& request) {
  if constexpr (requires { request.validate_only(); }) return request.validate_only();
  return false;
}

// Looks up and stores the answer to a write by its request_id, so that a retry gets the first
// answer. Does nothing for a request without a request_id, or one with validate_only, whose
// answer is never remembered. Used on the writer thread.
class Retries {
 public:
  template <class Request>
  explicit Retries(const Request& request) {
    if constexpr (requires { request.request_id(); }) {
      if (!request.request_id().empty() && !ValidateOnly(request)) {
        key_ =
            storage::RetryKey::Of(MethodOf(*Request::descriptor()), request.request_id(), request);
      }
    }
  }

  // The earlier answer, serialised; unset if this is the first call. INVALID_ARGUMENT with reason
  // REQUEST_ID_REUSED if the earlier call had another payload.
  absl::StatusOr<std::optional<std::string>> FindAnswer(storage::Session& session) const;

  // Remembers the answer of the first call, without personal fields, in the same transaction as its
  // effect.
  void Remember(storage::Session& session, const google::protobuf::Message& answer) const;

 private:
  std::optional<storage::RetryKey> key_;
};

// Submits `write(context, request, response)` to the writer thread and replies once it is durable.
// A retry with the same request_id gets the first answer. With validate_only, nothing is stored or
// remembered.
template <class Request, class Response, class Write>
void SubmitWrite(Call<Request, Response>* call, storage::Store& store, Write write) {
  storage::WriteJob job;
  job.validate_only = ValidateOnly(call->request());
  job.work = [call, write = std::move(write)](storage::WriteContext& context) -> absl::Status {
    CLUSTR_RETURN_IF_ERROR(call->Wanted());
    const Retries retries(call->request());
    CLUSTR_ASSIGN_OR_RETURN(const auto answered, retries.FindAnswer(context.session()));
    if (answered.has_value()) {
      call->response().ParseFromString(*answered);
      storage::FillPersonal(context.session(), &call->response());
      if constexpr (requires { call->response().set_replayed(true); }) {
        call->response().set_replayed(true);
      }
      return absl::OkStatus();
    }
    CLUSTR_RETURN_IF_ERROR(write(context, call->request(), &call->response()));
    retries.Remember(context.session(), call->response());
    return absl::OkStatus();
  };
  job.done = [call](const absl::Status& status) { call->Reply(status); };
  store.Submit(std::move(job));
}

// A call that writes and needs nothing but the database. `check` as in StartCall, `write` as in
// SubmitWrite.
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
