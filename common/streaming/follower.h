#ifndef CLUSTR_COMMON_STREAMING_FOLLOWER_H_
#define CLUSTR_COMMON_STREAMING_FOLLOWER_H_

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "clustr/ops/v1/admin_service.pb.h"
#include "common/base/errors.h"
#include "common/base/log.h"
#include "common/rpc/status.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/sync_stream.h"

namespace clustr::streaming {

// A channel to a service that is followed: dead connections are noticed within seconds.
std::shared_ptr<grpc::Channel> ConnectTo(const std::string& address);

// What a replica does with a stream.
template <class Response>
class Replica {
 public:
  virtual ~Replica() = default;
  // Takes one message: its changes, and how far they reach.
  virtual void Apply(const Response& response) = 0;
  // Drops everything: the stream starts over, as the upstream's history is another one or the first
  // scan broke.
  virtual void Reset() = 0;
};

// Keeps a replica of another service: one thread that reads its stream for ever, resumes where it
// was after a break, and starts over where resuming is refused. Each change reaches the replica at
// least once, in order; the state is exact where `revision` equals `head_revision`.
template <class Request, class Response>
class Follower {
 public:
  using Open = std::function<std::unique_ptr<grpc::ClientReader<Response>>(grpc::ClientContext*,
                                                                           const Request&)>;

  // Borrows the replica, whose methods are called on the follower's thread.
  Follower(std::string name, std::string address, Open open, Replica<Response>* replica)
      : name_(std::move(name)),
        address_(std::move(address)),
        open_(std::move(open)),
        replica_(*replica),
        behind_since_(absl::Now()),
        thread_([this] { Follow(); }) {}

  // Ends the stream and the thread.
  ~Follower() {
    {
      absl::MutexLock lock(&mutex_);
      ending_ = true;
      if (context_ != nullptr) context_->TryCancel();
    }
    thread_.join();
  }

  // What GetStatus says of this upstream.
  ops::v1::Upstream Status() const {
    absl::MutexLock lock(&mutex_);
    ops::v1::Upstream status;
    status.set_name(name_);
    status.set_address(address_);
    status.set_connected(connected_);
    status.set_applied_revision(applied_);
    status.set_head_revision(head_);
    const absl::Duration lag =
        connected_ && applied_ == head_ ? absl::ZeroDuration() : absl::Now() - behind_since_;
    status.mutable_lag()->set_seconds(absl::ToInt64Seconds(lag));
    return status;
  }

  bool connected() const {
    absl::MutexLock lock(&mutex_);
    return connected_;
  }

  // Newest revision that the upstream told of.
  int64_t head_revision() const {
    absl::MutexLock lock(&mutex_);
    return head_;
  }

 private:
  static constexpr absl::Duration kMinBackoff = absl::Milliseconds(100);
  static constexpr absl::Duration kMaxBackoff = absl::Seconds(2);

  void Follow() {
    absl::Duration backoff = kMinBackoff;
    while (!Ending()) {
      const absl::Status status = ReadStream(&backoff);
      if (Ending()) return;
      Log(LogLevel::kWarning, "stream_ended", {{"upstream", name_}, {"status", status.ToString()}});
      if (ReasonOf(status) == common::v1::ERROR_REASON_RESUME_REFUSED) {
        store_id_.clear();
        {
          absl::MutexLock lock(&mutex_);
          applied_ = 0;
        }
        replica_.Reset();
        continue;
      }
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(&ending_), backoff);
      backoff = std::min(backoff * 2, kMaxBackoff);
    }
  }

  absl::Status ReadStream(absl::Duration* backoff) {
    // From 0 no removals are streamed: what a scan brought that broke before its first revision was
    // complete must go.
    if (!store_id_.empty() && Applied() == 0) replica_.Reset();
    grpc::ClientContext context;
    Request request;
    {
      absl::MutexLock lock(&mutex_);
      if (ending_) return absl::CancelledError("ending");
      context_ = &context;
      request.set_after_revision(applied_);
    }
    request.set_store_id(store_id_);
    request.set_follow(true);
    const auto reader = open_(&context, request);
    Response response;
    while (reader->Read(&response)) {
      store_id_ = response.store_id();
      replica_.Apply(response);
      Advance(response.revision(), response.head_revision());
      *backoff = kMinBackoff;
    }
    const grpc::Status status = reader->Finish();
    absl::MutexLock lock(&mutex_);
    context_ = nullptr;
    if (connected_) behind_since_ = absl::Now();
    connected_ = false;
    return rpc::FromGrpc(status);
  }

  void Advance(int64_t applied, int64_t head) {
    absl::MutexLock lock(&mutex_);
    connected_ = true;
    applied_ = applied;
    head_ = head;
    if (applied == head) behind_since_ = absl::Now();
  }

  int64_t Applied() const {
    absl::MutexLock lock(&mutex_);
    return applied_;
  }

  bool Ending() const {
    absl::MutexLock lock(&mutex_);
    return ending_;
  }

  const std::string name_;
  const std::string address_;
  const Open open_;
  Replica<Response>& replica_;
  std::string store_id_;  // The follower thread's.

  mutable absl::Mutex mutex_;
  grpc::ClientContext* context_ ABSL_GUARDED_BY(mutex_) = nullptr;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  bool connected_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t applied_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t head_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time behind_since_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace clustr::streaming

#endif  // CLUSTR_COMMON_STREAMING_FOLLOWER_H_
