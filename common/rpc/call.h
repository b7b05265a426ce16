#ifndef CLUSTR_COMMON_RPC_CALL_H_
#define CLUSTR_COMMON_RPC_CALL_H_

#include <atomic>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/call_queue.h"
#include "common/base/call_slots.h"
#include "common/base/caller.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/rpc/access/method.h"
#include "common/rpc/arrival.h"
#include "common/rpc/call_under_way.h"
#include "common/rpc/status.h"
#include "common/schema/refused_field.h"
#include "common/schema/validator.h"
#include "common/storage/personal.h"
#include "common/storage/request_log.h"
#include "common/storage/store.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"

// The frame of every unary call: it validates the request, runs the call away from gRPC's threads
// in the queue of its class, maps the status and writes one line to the log.
namespace clustr::rpc {

// The method that takes this request. Thread-safe, and takes no lock after the first call.
template <class Request>
const Method& MethodOf() {
  static const Method& method = MethodTaking(*Request::descriptor());
  return method;
}

// Greatest answer that clients accept by default: 4 MiB, less a little for the frame.
inline constexpr size_t kMaxAnswerBytes = (size_t{4} << 20) - 1024;

// RESOURCE_EXHAUSTED with reason RESULT_LIMIT for an answer of `bytes`.
absl::Status AnswerTooLarge(size_t bytes);

// One of `slots` for a call that takes `Request`. Otherwise why its caller may not make it, who so
// never holds a place, or QUOTA.
template <class Request>
absl::StatusOr<CallSlots::Slot> PlaceFor(const grpc::CallbackServerContext& context,
                                         CallSlots& slots) {
  CLUSTR_RETURN_IF_ERROR(Admit(context, MethodOf<Request>()).status);
  return slots.Take({PeerOf(context)});
}

// A unary call in progress. Deletes itself when gRPC is done with it, which is after Reply; until
// then request and response may be used by one thread at a time.
template <class Request, class Response>
class Call final : public grpc::ServerUnaryReactor {
 public:
  // Drops what the contract does not know from the request.
  Call(grpc::CallbackServerContext* context, const Request* request, Response* response)
      : under_way_(*context, MethodOf<Request>()),
        request_(request),
        response_(response),
        deadline_(DeadlineOf(*context)) {
    DropUnknownFields(request);
  }

  const Request& request() const { return *request_; }
  Response& response() { return *response_; }
  Deadline deadline() const { return deadline_; }
  CallOrigin origin() const { return {under_way_.peer(), request_->ByteSizeLong()}; }

  // The place of the call in a trace, for calls to other services on its behalf.
  const Trace& trace() const { return under_way_.trace(); }

  // OK, or why the caller may not make this call; otherwise an error with every violation of the
  // request: those of the rules in its .proto file, and those that `check(request, &violations)`
  // appends.
  template <class Check>
  absl::Status Validate(const Check& check) const {
    CLUSTR_RETURN_IF_ERROR(under_way_.admitted());
    std::vector<Violation> violations;
    schema::ValidatorOf<Request>().Check(*request_, "", &violations);
    check(*request_, &violations);
    return violations.empty() ? absl::OkStatus() : ViolationError(std::move(violations));
  }

  // Runs `work()`, which must take care that the call is replied to, in `queue`, and limits the
  // time that it may take: to that of the queue, and so that the client gets the answer before its
  // deadline. Replies with the error if the queue does not run it.
  template <class Work>
  void RunIn(CallQueue& queue, Work work) {
    queue.Add(origin(), caller(),
              [this, &queue, work = std::move(work)](const absl::Status& status) {
                if (!status.ok()) return Reply(status);
                limit_ = queue.StartLimit(AnswerBy(deadline_));
                work();
              });
  }

  // Keeps one of `slots` until the call has ended. QUOTA if there is none.
  absl::Status Occupy(CallSlots& slots) {
    CLUSTR_ASSIGN_OR_RETURN(slot_, slots.Take(origin()));
    return absl::OkStatus();
  }

  // Tells long work whether somebody still waits for the answer. Valid until Reply.
  Caller caller() const { return {deadline_, &cancelled_, limit_}; }
  // OK while somebody waits for the answer.
  absl::Status Wanted() const { return caller().Waits(); }

  // Ends the call. Must be called exactly once; the call may be deleted when this returns. An error
  // gets the facts about its field that the request knows (schema::WithFacts). An answer loses the
  // personal data that its caller must not see. The
  // answer to a read that is above kMaxAnswerBytes becomes AnswerTooLarge. An answer to a write is
  // sent whatever its size, as the write is done; it is never that large.
  void Reply(absl::Status status) {
    if (status.ok()) under_way_.Cover(response_);
    const size_t bytes = status.ok() ? response_->ByteSizeLong() : 0;
    if constexpr (!requires(const Request& asked) { asked.request_id(); }) {
      if (bytes > kMaxAnswerBytes) status = AnswerTooLarge(bytes);
    }
    under_way_.AddReceived(request_->ByteSizeLong());
    under_way_.AddSent(bytes, response_);
    under_way_.End(status, request_, response_);
    Finish(ToGrpc(schema::WithFacts(std::move(status), *request_)));
  }

 private:
  void OnCancel() override { cancelled_.store(true, std::memory_order_relaxed); }
  void OnDone() override { delete this; }

  CallUnderWay under_way_;
  const Request* const request_;
  Response* const response_;
  const Deadline deadline_;
  TimeLimit limit_;
  CallSlots::Slot slot_;
  std::atomic<bool> cancelled_{false};
};

// The `check` of a request whose only rules are those in its .proto file.
struct NoFurtherRules {
  void operator()(const google::protobuf::Message&, std::vector<Violation>*) const {}
};

// The `at_hand` of a call that always needs a thread.
struct NothingAtHand {
  template <class Request, class Response>
  bool operator()(const Request&, Response*) const {
    return false;
  }
};

// Starts a call. Replies at once if the caller may not make it or the request is invalid; otherwise
// runs `step(call)` on this thread, which is one of gRPC's, so the step must not block or compute:
// it usually passes the call on with RunIn, and must take care that it is replied to.
// `check(request, &violations)` adds rules. `at_hand(request, response)` runs before and returns
// true if it filled the response from memory without waiting: that saves two changes of thread,
// which cost more than a small read.
template <class Request, class Response, class Step, class Check = NoFurtherRules,
          class AtHand = NothingAtHand>
grpc::ServerUnaryReactor* BeginCall(grpc::CallbackServerContext* context, const Request* request,
                                    Response* response, Step step, const Check& check = {},
                                    const AtHand& at_hand = {}) {
  auto* call = new Call<Request, Response>(context, request, response);
  if (absl::Status valid = call->Validate(check); !valid.ok()) {
    call->Reply(valid);
  } else if (at_hand(*request, response)) {
    call->Reply(absl::OkStatus());
  } else {
    step(call);
  }
  return call;
}

// The same, but runs `step(call)` in `queue`.
template <class Request, class Response, class Step, class Check = NoFurtherRules,
          class AtHand = NothingAtHand>
grpc::ServerUnaryReactor* StartCall(grpc::CallbackServerContext* context, const Request* request,
                                    Response* response, CallQueue& queue, Step step,
                                    const Check& check = {}, const AtHand& at_hand = {}) {
  return BeginCall(
      context, request, response,
      [&queue, step = std::move(step)](auto* call) {
        call->RunIn(queue, [call, step] { step(call); });
      },
      check, at_hand);
}

// A call that only reads. `read(request, response)` runs in `queue` and returns the status of the
// call; `at_hand` as in BeginCall.
template <class Request, class Response, class Read, class AtHand = NothingAtHand>
grpc::ServerUnaryReactor* ReadCall(grpc::CallbackServerContext* context, const Request* request,
                                   Response* response, CallQueue& queue, Read read,
                                   const AtHand& at_hand = {}) {
  return StartCall(
      context, request, response, queue,
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
        key_ = storage::RetryKey::Of(MethodOf<Request>().path, request.request_id(), request);
      }
    }
  }

  // For WriteJob::request_hash.
  std::optional<int64_t> hash() const {
    return key_.has_value() ? std::optional(key_->hash) : std::nullopt;
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

// The `complete` of an answer that holds nothing but what is remembered.
struct NothingToComplete {
  void operator()(storage::Session&, google::protobuf::Message*) const {}
};

// Submits `write(context, request, response)` to the writer thread and replies once it is durable.
// A retry with the same request_id gets the first answer. With validate_only, nothing is stored or
// remembered. `complete(session, response)` runs on the writer thread on every answer, remembered
// or not, and sets what is never remembered.
template <class Request, class Response, class Write, class Complete = NothingToComplete>
void SubmitWrite(Call<Request, Response>* call, storage::Store& store, Write write,
                 Complete complete = {}) {
  storage::WriteJob job;
  job.validate_only = ValidateOnly(call->request());
  Retries retries(call->request());
  job.request_hash = retries.hash();
  job.work = [call, retries = std::move(retries), write = std::move(write),
              complete = std::move(complete)](storage::WriteContext& context) -> absl::Status {
    CLUSTR_RETURN_IF_ERROR(call->Wanted());
    CLUSTR_ASSIGN_OR_RETURN(const auto answered, retries.FindAnswer(context.session()));
    if (answered.has_value()) {
      call->response().ParseFromString(*answered);
      storage::FillPersonal(context.session(), &call->response());
      if constexpr (requires { call->response().set_replayed(true); }) {
        call->response().set_replayed(true);
      }
    } else {
      CLUSTR_RETURN_IF_ERROR(write(context, call->request(), &call->response()));
      retries.Remember(context.session(), call->response());
    }
    complete(context.session(), &call->response());
    return absl::OkStatus();
  };
  job.done = [call](const absl::Status& status) { call->Reply(status); };
  store.Submit(std::move(job));
}

// A call that writes and needs nothing but the database. It occupies one of `slots`. `check` as in
// BeginCall, `write` and `complete` as in SubmitWrite.
template <class Request, class Response, class Write, class Check = NoFurtherRules,
          class Complete = NothingToComplete>
grpc::ServerUnaryReactor* WriteCall(grpc::CallbackServerContext* context, const Request* request,
                                    Response* response, storage::Store& store, CallSlots& slots,
                                    Write write, const Check& check = {}, Complete complete = {}) {
  return BeginCall(
      context, request, response,
      [&store, &slots, write = std::move(write), complete = std::move(complete)](auto* call) {
        if (absl::Status room = call->Occupy(slots); !room.ok()) return call->Reply(room);
        SubmitWrite(call, store, write, complete);
      },
      check);
}

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_CALL_H_
