#ifndef CLUSTR_COMMON_STREAMING_CHANGE_FEED_H_
#define CLUSTR_COMMON_STREAMING_CHANGE_FEED_H_

#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/base/thread_pool.h"
#include "common/rpc/call.h"
#include "common/storage/changes.h"
#include "common/storage/store.h"
#include "grpcpp/support/server_callback.h"

namespace clustr::streaming {

// The server side of a stream of changes. Streams at the head get one shared message for each
// commit group, so all of them pass the same revisions; one that lags reads for itself, batch by
// batch, on the pool. A slow reader costs one message of memory and never delays a writer.
// Thread-safe.
template <class Request, class Response>
class ChangeFeed {
 public:
  // Appends the row at each place to `response`, as `request` wants it, until all are in it or it
  // holds about half a MiB; returns how many places are in it.
  using Fill =
      std::function<size_t(storage::Session&, const Request& request,
                           const std::vector<storage::ChangePlace>& places, Response* response)>;

  // Borrows the store and the pool. Registers for the store's commits: one feed a store.
  ChangeFeed(storage::Store* store, ThreadPool* pool, std::vector<const storage::Table*> tables,
             Fill fill)
      : store_(*store), pool_(*pool), scan_(std::move(tables)), fill_(std::move(fill)) {
    dispatched_ = store_.head_revision();
    store_.OnCommit([this](int64_t head) {
      absl::MutexLock lock(&mutex_);
      head_ = head;
    });
    dispatcher_ = std::thread([this] { Dispatch(); });
  }

  // Every stream must have ended: see Drain.
  ~ChangeFeed() {
    Drain();
    dispatcher_.join();
  }

  grpc::ServerWriteReactor<Response>* Open(grpc::CallbackServerContext* context,
                                           const Request* request) {
    {
      absl::MutexLock lock(&mutex_);
      ++streams_;
    }
    auto* stream = new Stream(this, *request);
    std::vector<Violation> violations;
    schema::ValidatorOf<Request>().Check(*request, "", &violations);
    const int64_t head = store_.head_revision();
    if (!violations.empty()) {
      stream->End(ViolationError(std::move(violations)));
    } else if (!store_.CanResume(request->store_id(), request->after_revision())) {
      const int64_t after = request->after_revision();
      const std::string why = after > head ? absl::StrCat(after, " is beyond the head, ", head)
                                           : absl::StrCat("this server never had revision ", after,
                                                          " of that store_id");
      stream->End(
          MakeError(common::v1::ERROR_REASON_RESUME_REFUSED,
                    absl::StrCat("after_revision: ", why,
                                 "; drop what you hold and start from 0 without store_id")));
    } else {
      pool_.Run([stream] { stream->Advance(); });
    }
    return stream;
  }

  // Ends every stream with UNAVAILABLE, reason DRAINING, and refuses new ones.
  void Drain() {
    absl::MutexLock lock(&mutex_);
    draining_ = true;
    WakeAll();
  }

 private:
  static constexpr int64_t kPlacesInBatch = 2000;
  static constexpr size_t kMaxRecent = 256;
  static constexpr absl::Duration kHeartbeat = absl::Seconds(5);
  static constexpr absl::Duration kHeartbeatCheck = absl::Seconds(1);

  // What brings a reader from any revision in [from, to) to exactly the state at `to`.
  struct Message {
    int64_t from;
    std::shared_ptr<const Response> response;
    int64_t to() const { return response->revision(); }
  };

  class Stream final : public grpc::ServerWriteReactor<Response> {
   public:
    Stream(ChangeFeed* feed, const Request& request)
        : feed_(*feed),
          request_(request),
          shares_(Shares(request)),
          start_(absl::Now()),
          last_sent_(start_),
          place_(Behind(request.after_revision())),
          revision_(request.after_revision()) {}

    // On the pool: sends what is next, or waits for it.
    void Advance() {
      bool heartbeat = false;
      {
        absl::MutexLock lock(&feed_.mutex_);
        if (cancelled_) return EndUnlocked(GoneError(true));
        if (feed_.draining_) {
          return EndUnlocked(MakeError(common::v1::ERROR_REASON_DRAINING,
                                       "the server is stopping; open the stream again"));
        }
        if (sent_any_ && at_head_) {
          if (!request_.follow()) return EndUnlocked(absl::OkStatus());
          shared_ = shares_ ? feed_.NextFor(revision_) : nullptr;
          if (shared_ == nullptr && feed_.dispatched_ <= revision_) {
            heartbeat = absl::Now() - last_sent_ >= kHeartbeat;
            if (!heartbeat) {
              feed_.waiting_.insert(this);
              return;
            }
          }
        }
      }
      if (shared_ != nullptr) {
        revision_ = shared_->revision();
        place_ = Behind(revision_);
        return Send(*shared_);
      }
      if (heartbeat) {
        own_.Clear();
        own_.set_revision(revision_);
        own_.set_head_revision(revision_);
        own_.set_store_id(feed_.store_.store_id());
        return Send(own_);
      }
      if (absl::Status status =
              feed_.ReadBatch(request_, &place_, &removals_after_, &revision_, &own_);
          !status.ok()) {
        return End(status);
      }
      at_head_ = revision_ == own_.head_revision();
      Send(own_);
    }

    void End(const absl::Status& status) {
      LogCall(rpc::MethodOf(*Request::descriptor()), rpc::CodeName(status.code()),
              ReasonName(ReasonOf(status)), absl::Now() - start_);
      this->Finish(rpc::ToGrpc(status));
    }

   private:
    friend class ChangeFeed;

    void EndUnlocked(absl::Status status) {
      feed_.pool_.Run([this, status = std::move(status)] { End(status); });
    }

    void Send(const Response& response) {
      sent_any_ = true;
      last_sent_ = absl::Now();
      this->StartWrite(&response);
    }

    void OnWriteDone(bool ok) override {
      if (!ok) return End(GoneError(true));
      feed_.pool_.Run([this] { Advance(); });
    }

    void OnCancel() override {
      absl::MutexLock lock(&feed_.mutex_);
      cancelled_ = true;
      if (feed_.waiting_.erase(this) > 0) feed_.pool_.Run([this] { Advance(); });
    }

    void OnDone() override {
      {
        absl::MutexLock lock(&feed_.mutex_);
        --feed_.streams_;
      }
      delete this;
    }

    // True if this reader wants what the shared messages hold: nothing is asked for but a place.
    static bool Shares(Request request) {
      request.clear_after_revision();
      request.clear_follow();
      request.clear_store_id();
      return request.ByteSizeLong() == 0;
    }

    ChangeFeed& feed_;
    const Request request_;
    const bool shares_;
    const absl::Time start_;
    absl::Time last_sent_;
    storage::ChangePlace place_;  // Everything up to here was sent.
    int64_t removals_after_ =
        -1;  // Removals up to this revision are not of interest; -1: not known yet.
    int64_t revision_;
    bool sent_any_ = false;
    bool at_head_ = false;
    std::shared_ptr<const Response> shared_;
    Response own_;
    bool cancelled_ = false;  // Guarded by the feed's mutex.
  };

  // The place behind every change of a revision.
  static storage::ChangePlace Behind(int64_t revision) {
    return {revision, std::numeric_limits<int64_t>::max(), 0};
  }

  // Reads the changes behind `place`, as many as fit in one message. All that it says is of one
  // read.
  absl::Status ReadBatch(const Request& request, storage::ChangePlace* place,
                         int64_t* removals_after, int64_t* revision, Response* response) {
    return store_.Read([&](storage::Session& session) {
      response->Clear();
      const int64_t head = storage::HeadRevision(session);
      if (*removals_after < 0) *removals_after = request.after_revision() > 0 ? 0 : head;
      const auto found = scan_.Next(session, *place, true, kPlacesInBatch);
      std::vector<storage::ChangePlace> places;
      for (const storage::ChangePlace& change : found) {
        if (!change.removed() || change.revision > *removals_after) places.push_back(change);
      }
      const size_t filled = fill_(session, request, places, response);
      const bool all =
          filled == places.size() && found.size() < static_cast<size_t>(kPlacesInBatch);
      if (all) {
        *place = Behind(head);
        *revision = head;
      } else {
        *place = filled == places.size() ? found.back() : places[filled - 1];
        // The revision of `place` may go on in the next message.
        *revision = std::max(*revision, place->revision - 1);
      }
      response->set_revision(*revision);
      response->set_head_revision(head);
      response->set_store_id(store_.store_id());
      return absl::OkStatus();
    });
  }

  // The shared message that a reader at `revision` needs next; nullptr if there is none.
  std::shared_ptr<const Response> NextFor(int64_t revision) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    for (const Message& message : recent_) {
      if (message.to() > revision) return message.from <= revision ? message.response : nullptr;
    }
    return nullptr;
  }

  void WakeAll() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    for (Stream* stream : waiting_) pool_.Run([stream] { stream->Advance(); });
    waiting_.clear();
  }

  void Dispatch() {
    const auto ready = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      return draining_ || head_ > dispatched_;
    };
    while (true) {
      int64_t from;
      {
        absl::MutexLock lock(&mutex_);
        mutex_.AwaitWithTimeout(absl::Condition(&ready), kHeartbeatCheck);
        if (draining_) return;
        if (head_ <= dispatched_ || streams_ == 0) {
          // Nothing new, or nobody to tell.
          if (head_ > dispatched_) {
            dispatched_ = head_;
            recent_.clear();
          }
          WakeAll();
          continue;
        }
        from = dispatched_;
      }
      auto response = std::make_shared<Response>();
      storage::ChangePlace place = Behind(from);
      int64_t removals_after = 0;
      int64_t revision = from;
      const absl::Status status =
          ReadBatch(Request(), &place, &removals_after, &revision, response.get());
      absl::MutexLock lock(&mutex_);
      if (status.ok() && revision == response->head_revision()) {
        recent_.push_back({from, std::move(response)});
        if (recent_.size() > kMaxRecent) recent_.pop_front();
        dispatched_ = revision;
      } else {
        // More than one message, or a failure: the streams read for themselves.
        recent_.clear();
        dispatched_ = head_;
      }
      WakeAll();
    }
  }

  storage::Store& store_;
  ThreadPool& pool_;
  const storage::ChangeScan scan_;
  const Fill fill_;

  absl::Mutex mutex_;
  int64_t head_ ABSL_GUARDED_BY(mutex_) = 0;  // As the writer told.
  int64_t dispatched_ ABSL_GUARDED_BY(mutex_) =
      0;  // Streams at or behind this have something to read.
  std::deque<Message> recent_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_set<Stream*> waiting_ ABSL_GUARDED_BY(mutex_);
  int streams_ ABSL_GUARDED_BY(mutex_) = 0;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread dispatcher_;
};

}  // namespace clustr::streaming

#endif  // CLUSTR_COMMON_STREAMING_CHANGE_FEED_H_
