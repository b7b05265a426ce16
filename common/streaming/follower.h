#ifndef CLUSTR_COMMON_STREAMING_FOLLOWER_H_
#define CLUSTR_COMMON_STREAMING_FOLLOWER_H_

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "clustr/ops/v1/admin_service.pb.h"
#include "common/base/errors.h"
#include "common/base/log.h"
#include "common/base/steady_condition.h"
#include "common/base/steady_time.h"
#include "common/rpc/status.h"
#include "common/rpc/tracing/client_span.h"
#include "common/rpc/tracing/tracer.h"
#include "common/streaming/finish_stream.h"
#include "common/streaming/inspection/set_aside.h"
#include "common/streaming/stream_order.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/sync_stream.h"

namespace clustr::streaming {

// Receives the messages of a follower.
template <class Response>
class Replica {
 public:
  virtual ~Replica() = default;
  // Applies one message: its changes, and the revision up to which they are complete.
  virtual void Apply(const Response& response) = 0;
  // Drops everything. The stream starts over, as the upstream has another history, or as the first
  // scan broke off before its first revision was complete.
  virtual void Reset() = 0;
};

// How far a follower has come. Thread-safe.
class FollowerState {
 public:
  FollowerState(std::string name, std::string address);

  // After a message. True if it was news: applied brought forward, or the first since StartOver.
  bool Advance(int64_t applied, int64_t head);
  // After a message of which nothing was applied: `why` names its field and value.
  void Refuse(const std::string& why);
  // After a stream, with what it ended with.
  void Disconnect(const absl::Status& ended);
  void StartOver();  // The upstream no longer holds what is applied, so nothing counts as applied.

  // The upstream as GetStatus reports it.
  ops::v1::Upstream Status() const;
  bool connected() const;
  // True if the last attempt to read the stream ended before it brought a message: not before the
  // first attempt, nor while one is under way after a stream that had brought some.
  bool unreachable() const;
  int64_t applied() const;
  int64_t head() const;
  const std::string& name() const { return name_; }
  const std::string& address() const { return address_; }

 private:
  const std::string name_;
  const std::string address_;

  mutable absl::Mutex mutex_;
  bool connected_ ABSL_GUARDED_BY(mutex_) = false;
  bool fresh_ ABSL_GUARDED_BY(mutex_) = true;  // Nothing was applied since StartOver.
  // Why a message was refused, until the stream comes to its head.
  std::string refusal_ ABSL_GUARDED_BY(mutex_);
  int64_t refused_count_ ABSL_GUARDED_BY(mutex_) = 0;
  std::string ended_with_ ABSL_GUARDED_BY(mutex_);  // What the last stream ended with.
  bool unreachable_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t applied_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t head_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t lost_ ABSL_GUARDED_BY(mutex_) = 0;  // Newest revision applied before StartOver.
  SteadyTime behind_since_ ABSL_GUARDED_BY(mutex_);
};

// Keeps a replica of another service: one thread reads its stream for ever, resumes where a stream
// broke off, and starts over where resuming is refused. Each change reaches the replica at least
// once and in order; the replica holds an exact state whenever `revision` equals `head_revision`,
// but for rows that are wrong by themselves: those are set aside, and the replica gets their
// removal. A stream whose order is wrong ends there: the replica keeps what it had. Between two
// streams it pauses for 0.1 to 2 s, the longer the more streams have brought no news. Thread-safe.
template <class Request, class Response>
class Follower {
 public:
  using Open = std::function<std::unique_ptr<grpc::ClientReader<Response>>(grpc::ClientContext*,
                                                                           const Request&)>;

  // Starts the thread. Borrows the replica, whose methods are called on that thread; `open` opens
  // the stream. `name` and `address` are for logs and GetStatus. Each stream is a trace of its own,
  // which ends with it; `tracer` may be null, and is borrowed, too.
  Follower(std::string name, std::string address, Open open, Replica<Response>* replica,
           rpc::Tracer* tracer = nullptr)
      : state_(std::move(name), std::move(address)),
        open_(std::move(open)),
        replica_(*replica),
        tracer_(tracer),
        thread_([this] { Follow(); }) {}

  // Ends the stream and the thread.
  ~Follower();

  // Ends the stream, if one is open; the thread then opens the next.
  void Reconnect();

  // The upstream as GetStatus reports it.
  ops::v1::Upstream Status() const;
  // Rows of one kind that are set aside.
  int64_t set_aside_count(RowKind kind) const { return set_aside_.count(kind); }
  bool connected() const { return state_.connected(); }
  // True if the last attempt to connect failed.
  bool unreachable() const { return state_.unreachable(); }
  // Newest revision that the upstream reported.
  int64_t head_revision() const { return state_.head(); }

 private:
  static constexpr absl::Duration kMinBackoff = absl::Milliseconds(100);
  static constexpr absl::Duration kMaxBackoff = absl::Seconds(2);

  // The thread.
  void Follow();
  // Drops everything that the replica holds.
  void Reset();
  // Reads one stream to its end; each message with news resets `backoff`.
  absl::Status ReadStream(absl::Duration* backoff);
  // Publishes the context of the stream, for the destructor to cancel; false if the follower is
  // ending.
  bool Begin(grpc::ClientContext* context);
  void Wait(absl::Duration backoff);
  bool Ending() const;

  FollowerState state_;
  const Open open_;
  Replica<Response>& replica_;
  rpc::Tracer* const tracer_;
  // Used by the thread alone.
  std::string store_id_;          // History of the upstream.
  bool met_new_history_ = false;  // A stream changed its history, and none has brought news since.

  SetAside set_aside_;

  mutable absl::Mutex mutex_;
  grpc::ClientContext* context_ ABSL_GUARDED_BY(mutex_) = nullptr;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  SteadyCondition changed_;  // ending_ has changed.
  std::thread thread_;
};

// Implementation.

template <class Request, class Response>
Follower<Request, Response>::~Follower() {
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
    changed_.NotifyAll();
    if (context_ != nullptr) context_->TryCancel();
  }
  thread_.join();
}

template <class Request, class Response>
void Follower<Request, Response>::Reconnect() {
  absl::MutexLock lock(&mutex_);
  if (context_ != nullptr) context_->TryCancel();
}

template <class Request, class Response>
ops::v1::Upstream Follower<Request, Response>::Status() const {
  ops::v1::Upstream status = state_.Status();
  set_aside_.Report(&status);
  return status;
}

template <class Request, class Response>
void Follower<Request, Response>::Reset() {
  replica_.Reset();
  set_aside_.Clear();
}

template <class Request, class Response>
void Follower<Request, Response>::Follow() {
  absl::Duration backoff = kMinBackoff;
  while (!Ending()) {
    const absl::Status status = ReadStream(&backoff);
    if (Ending()) return;
    Log(LogLevel::kWarning, "stream_ended",
        {{"upstream", state_.name()}, {"status", status.ToString()}});
    if (ReasonOf(status) == common::v1::ERROR_REASON_RESUME_REFUSED) {
      store_id_.clear();
      state_.StartOver();
      Reset();
    }
    Wait(backoff);
    backoff = std::min(backoff * 2, kMaxBackoff);
  }
}

template <class Request, class Response>
absl::Status Follower<Request, Response>::ReadStream(absl::Duration* backoff) {
  // A scan from 0 streams no removals. If an earlier one broke off before its first revision was
  // complete, rows that it brought may have been removed since; so they are dropped.
  if (!store_id_.empty() && state_.applied() == 0) Reset();
  grpc::ClientContext context;
  if (!Begin(&context)) return absl::CancelledError("ending");
  rpc::ClientSpan span(rpc::BeginTrace(tracer_), *Request::descriptor(), state_.address(),
                       &context);
  Request request;
  request.set_after_revision(state_.applied());
  request.set_store_id(store_id_);
  request.set_follow(true);
  const auto reader = open_(&context, request);
  StreamOrder order(state_.applied());
  std::string why;
  Response response;
  while (reader->Read(&response)) {
    // A server that has lost its database for a moment begins a new history. Another stream then
    // finds out whether it goes on with the old one.
    if (order.IsOfOtherHistory(response.store_id()) && !std::exchange(met_new_history_, true)) {
      context.TryCancel();
      break;
    }
    why = order.WhyRefused(response.store_id(), response.revision(), response.head_revision(),
                           !response.changes().empty());
    if (why.empty()) why = set_aside_.Take(&response);
    if (!why.empty()) {
      context.TryCancel();
      break;
    }
    store_id_ = response.store_id();
    replica_.Apply(response);
    if (state_.Advance(response.revision(), response.head_revision())) {
      *backoff = kMinBackoff;
      met_new_history_ = false;
    }
  }
  const grpc::Status status = FinishStream(*reader, &context);
  span.End(status);
  if (!why.empty()) state_.Refuse(why);
  const absl::Status ended =
      why.empty() ? rpc::FromGrpc(status) : absl::DataLossError(absl::StrCat("refused ", why));
  state_.Disconnect(ended);
  absl::MutexLock lock(&mutex_);
  context_ = nullptr;
  return ended;
}

template <class Request, class Response>
bool Follower<Request, Response>::Begin(grpc::ClientContext* context) {
  absl::MutexLock lock(&mutex_);
  if (ending_) return false;
  context_ = context;
  return true;
}

template <class Request, class Response>
void Follower<Request, Response>::Wait(absl::Duration backoff) {
  absl::MutexLock lock(&mutex_);
  const auto ending = [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return ending_; };
  changed_.WaitUntil(&mutex_, Deadline::In(backoff), ending);
}

template <class Request, class Response>
bool Follower<Request, Response>::Ending() const {
  absl::MutexLock lock(&mutex_);
  return ending_;
}

}  // namespace clustr::streaming

#endif  // CLUSTR_COMMON_STREAMING_FOLLOWER_H_
