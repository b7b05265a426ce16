#ifndef CLUSTR_COMMON_STREAMING_CHANGE_FEED_H_
#define CLUSTR_COMMON_STREAMING_CHANGE_FEED_H_

#include <algorithm>
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
#include "absl/synchronization/mutex.h"
#include "common/base/call_slots.h"
#include "common/base/errors.h"
#include "common/base/steady_condition.h"
#include "common/base/steady_time.h"
#include "common/base/thread_pool.h"
#include "common/rpc/call.h"
#include "common/schema/refused_field.h"
#include "common/storage/changes.h"
#include "common/storage/store.h"
#include "grpcpp/support/server_callback.h"

namespace clustr::streaming {

// The place behind every change of a revision.
storage::ChangePlace Behind(int64_t revision);

// OK if a stream may resume behind `after_revision` of the history `store_id`; otherwise
// OUT_OF_RANGE with reason RESUME_REFUSED.
absl::Status CheckResume(const storage::Store& store, const std::string& store_id,
                         int64_t after_revision);

// UNAVAILABLE, reason DRAINING.
absl::Status DrainingError();

// The same for a stream that ends because a backup was restored.
absl::Status RestoredError();

// The server side of a stream of changes. All streams at the head get one shared message for each
// commit group, so they pass the same revisions; a stream that lags reads the database by itself,
// batch by batch, on the pool. A slow reader costs one message of memory and never delays a writer.
// The number of streams is limited. Its messages are the same for everybody who may make the call,
// so if they can hold personal data, the method must demand the role for that. Thread-safe.
template <class Request, class Response>
class ChangeFeed {
 public:
  // Appends the rows at the first of `places` to `response`, as `request` wants them, until all are
  // in it or it holds about half a MiB; returns the number of places that are in it.
  using Fill =
      std::function<size_t(storage::Session&, const Request& request,
                           const std::vector<storage::ChangePlace>& places, Response* response)>;

  // Borrows store, pool, slots and tables. Each open stream holds one of `slots`. Listens to the
  // commits of the store.
  ChangeFeed(storage::Store* store, ThreadPool* pool, CallSlots* slots,
             std::vector<const storage::Table*> tables, Fill fill);
  // Every stream must have ended: see Drain.
  ~ChangeFeed();

  // Begins to stream behind `after_revision`. Ends with INVALID_ARGUMENT for an invalid request,
  // with OUT_OF_RANGE, reason RESUME_REFUSED, for a revision that it cannot resume behind, and with
  // RESOURCE_EXHAUSTED, reason QUOTA, if no slot is free.
  grpc::ServerWriteReactor<Response>* Open(grpc::CallbackServerContext* context,
                                           const Request* request);

  // Ends every stream with UNAVAILABLE, reason DRAINING, and refuses new ones.
  void Drain();

  // Ends every stream likewise, because a backup was restored; new ones are welcome. A follower
  // that opens its stream again finds out whether the history that it knows goes on.
  void EndStreams();

 private:
  class Stream;

  static constexpr int64_t kPlacesInBatch = 2000;
  static constexpr int64_t kNoBound = std::numeric_limits<int64_t>::max();
  static constexpr size_t kMaxRecent = 256;
  static constexpr absl::Duration kHeartbeat = absl::Seconds(5);
  static constexpr absl::Duration kHeartbeatCheck = absl::Seconds(1);

  // Brings a reader from the revision `from` to exactly the state at `to`.
  struct Message {
    int64_t from;
    std::shared_ptr<const Response> response;
    int64_t to() const { return response->revision(); }
  };

  // How far a reader has come.
  struct Progress {
    explicit Progress(int64_t revision) : place(Behind(revision)), revision(revision) {}

    storage::ChangePlace place;  // Every change up to here was read.
    int64_t revision;            // The last revision of which every change was read.
    // Removals up to this revision are left out, as the reader holds none of those rows; -1: not
    // decided yet.
    int64_t removals_after = -1;
  };

  // Reads the changes behind `progress`, of revisions up to `until`, into `response`, as many as
  // fit into one message. The whole message belongs to one state of the database.
  absl::Status ReadBatch(const Request& request, int64_t until, Progress* progress,
                         Response* response);

  // The shared message that a reader at `revision` needs next; nullptr if there is none. If one
  // begins earlier, it would repeat rows; then `until` is set to its end, up to which the reader
  // has to read by itself.
  std::shared_ptr<const Response> NextFor(int64_t revision, int64_t* until)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void WakeAll() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // The dispatcher thread: makes a shared message of each commit group, and wakes streams now and
  // then so that they send a heartbeat.
  void Dispatch();
  // Waits for a commit that streams are to get; false once the feed is draining. `from` receives
  // the revision up to which they got everything.
  bool AwaitCommit(int64_t* from);
  void DispatchFrom(int64_t from);

  storage::Store& store_;
  ThreadPool& pool_;
  CallSlots& slots_;
  const storage::ChangeScan scan_;
  const Fill fill_;
  int64_t listener_ = 0;  // The number of its listener in the store.

  absl::Mutex mutex_;
  SteadyCondition changed_;                   // head_ or draining_ has changed.
  int64_t head_ ABSL_GUARDED_BY(mutex_) = 0;  // Newest revision that the writer reported.
  // Streams behind this revision have something to read.
  int64_t dispatched_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<Message> recent_ ABSL_GUARDED_BY(mutex_);  // Oldest first, without gaps.
  absl::flat_hash_set<Stream*> waiting_ ABSL_GUARDED_BY(mutex_);
  int streams_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t restores_ ABSL_GUARDED_BY(mutex_) = 0;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread dispatcher_;
};

// One reader's stream. Runs on the pool, one step at a time; deletes itself when gRPC is done with
// it.
template <class Request, class Response>
class ChangeFeed<Request, Response>::Stream final : public grpc::ServerWriteReactor<Response> {
 public:
  Stream(ChangeFeed* feed, const grpc::CallbackServerContext& context, const Request& request,
         int64_t restores)
      : under_way_(context, rpc::MethodOf<Request>()),
        feed_(*feed),
        restores_(restores),
        request_(request),
        shares_(WantsSharedMessages(request)),
        last_sent_(SteadyNow()),
        progress_(request.after_revision()) {}

  const absl::Status& admitted() const { return under_way_.admitted(); }
  // Takes a slot, which it keeps until its end.
  absl::Status Occupy(const grpc::CallbackServerContext& context) {
    CLUSTR_ASSIGN_OR_RETURN(slot_, feed_.slots_.Take({rpc::PeerOf(context)}));
    return absl::OkStatus();
  }
  // Sends the next message, or parks the stream among the waiting ones if there is none.
  void Advance();
  void End(const absl::Status& status);

 private:
  friend class ChangeFeed;

  enum class Next { kShared, kHeartbeat, kOwnBatch, kWait, kEnd };
  // Decides what to send. For kShared it sets shared_; for kEnd it sets `end`.
  Next Decide(absl::Status* end);
  void SendShared();
  void SendHeartbeat();
  void SendOwnBatch();
  void Send(const Response& response);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

  // True if the request asks for nothing but a place to start from: then the shared messages, which
  // are made for an empty request, are what this reader wants.
  static bool WantsSharedMessages(Request request) {
    request.clear_after_revision();
    request.clear_follow();
    request.clear_store_id();
    return request.ByteSizeLong() == 0;
  }

  rpc::CallUnderWay under_way_;
  ChangeFeed& feed_;
  const int64_t restores_;  // How many there had been when it was opened.
  const Request request_;
  const bool shares_;
  SteadyTime last_sent_;
  CallSlots::Slot slot_;
  Progress progress_;
  bool sent_any_ = false;
  bool at_head_ = false;      // The last batch of its own ended at the head, or at until_.
  int64_t until_ = kNoBound;  // Of batches of its own.
  // The head of the last batch of its own. A row that changed again between until_ and there was
  // not in that batch, so the reader is told that it lags until it has come so far.
  int64_t told_head_ = 0;
  std::shared_ptr<const Response> shared_;
  Response own_;
  bool cancelled_ = false;  // Guarded by the feed's mutex.
};

// ChangeFeed.

template <class Request, class Response>
ChangeFeed<Request, Response>::ChangeFeed(storage::Store* store, ThreadPool* pool, CallSlots* slots,
                                          std::vector<const storage::Table*> tables, Fill fill)
    : store_(*store),
      pool_(*pool),
      slots_(*slots),
      scan_(std::move(tables)),
      fill_(std::move(fill)) {
  dispatched_ = store_.head_revision();
  listener_ = store_.OnCommit([this](int64_t head) {
    absl::MutexLock lock(&mutex_);
    head_ = head;
    changed_.NotifyAll();
  });
  dispatcher_ = std::thread([this] { Dispatch(); });
}

template <class Request, class Response>
ChangeFeed<Request, Response>::~ChangeFeed() {
  // The store outlives this and may notice what other servers commit.
  store_.StopTelling(listener_);
  Drain();
  dispatcher_.join();
}

template <class Request, class Response>
grpc::ServerWriteReactor<Response>* ChangeFeed<Request, Response>::Open(
    grpc::CallbackServerContext* context, const Request* request) {
  int64_t restores = 0;
  {
    absl::MutexLock lock(&mutex_);
    ++streams_;
    restores = restores_;
  }
  rpc::DropUnknownFields(request);
  auto* stream = new Stream(this, *context, *request, restores);
  std::vector<Violation> violations;
  schema::ValidatorOf<Request>().Check(*request, "", &violations);
  if (!stream->admitted().ok()) {
    stream->End(stream->admitted());
  } else if (!violations.empty()) {
    stream->End(schema::WithFacts(ViolationError(std::move(violations)), *request));
  } else if (absl::Status resumes =
                 CheckResume(store_, request->store_id(), request->after_revision());
             !resumes.ok()) {
    stream->End(resumes);
  } else if (absl::Status room = stream->Occupy(*context); !room.ok()) {
    stream->End(room);
  } else {
    pool_.Run([stream] { stream->Advance(); });
  }
  return stream;
}

template <class Request, class Response>
void ChangeFeed<Request, Response>::Drain() {
  absl::MutexLock lock(&mutex_);
  draining_ = true;
  changed_.NotifyAll();
  WakeAll();
}

template <class Request, class Response>
void ChangeFeed<Request, Response>::EndStreams() {
  absl::MutexLock lock(&mutex_);
  ++restores_;
  WakeAll();
}

template <class Request, class Response>
absl::Status ChangeFeed<Request, Response>::ReadBatch(const Request& request, int64_t until,
                                                      Progress* progress, Response* response) {
  return store_.Read([&](storage::Session& session) {
    response->Clear();
    const int64_t head = storage::HeadRevision(session);
    if (progress->removals_after < 0) {
      progress->removals_after = request.after_revision() > 0 ? 0 : head;
    }
    const auto found = scan_.Next(session, progress->place, true, kPlacesInBatch);
    std::vector<storage::ChangePlace> places;
    for (const storage::ChangePlace& change : found) {
      if (change.revision > until) break;
      if (!change.removed() || change.revision > progress->removals_after) {
        places.push_back(change);
      }
    }
    const size_t filled = fill_(session, request, places, response);
    const bool ends =
        found.size() < static_cast<size_t>(kPlacesInBatch) || found.back().revision > until;
    if (ends && filled == places.size()) {
      progress->revision = std::min(head, until);
      progress->place = Behind(progress->revision);
    } else {
      progress->place = filled == places.size() ? found.back() : places[filled - 1];
      // The revision of `place` may continue in the next message.
      progress->revision = std::max(progress->revision, progress->place.revision - 1);
    }
    response->set_revision(progress->revision);
    response->set_head_revision(head);
    response->set_store_id(store_.store_id());
    return absl::OkStatus();
  });
}

template <class Request, class Response>
std::shared_ptr<const Response> ChangeFeed<Request, Response>::NextFor(int64_t revision,
                                                                       int64_t* until) {
  *until = kNoBound;
  for (const Message& message : recent_) {
    if (message.to() <= revision) continue;
    if (message.from == revision) return message.response;
    if (message.from < revision) *until = message.to();
    return nullptr;
  }
  return nullptr;
}

template <class Request, class Response>
void ChangeFeed<Request, Response>::WakeAll() {
  for (Stream* stream : waiting_) pool_.Run([stream] { stream->Advance(); });
  waiting_.clear();
}

template <class Request, class Response>
void ChangeFeed<Request, Response>::Dispatch() {
  int64_t from = 0;
  while (AwaitCommit(&from)) DispatchFrom(from);
}

template <class Request, class Response>
bool ChangeFeed<Request, Response>::AwaitCommit(int64_t* from) {
  const auto ready = [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    return draining_ || head_ > dispatched_;
  };
  absl::MutexLock lock(&mutex_);
  while (true) {
    changed_.WaitUntil(&mutex_, Deadline::In(kHeartbeatCheck), ready);
    if (draining_) return false;
    if (head_ > dispatched_ && streams_ > 0) {
      *from = dispatched_;
      return true;
    }
    if (head_ > dispatched_) {
      // Nobody reads, so nothing is read from the database either.
      dispatched_ = head_;
      recent_.clear();
    }
    WakeAll();
  }
}

template <class Request, class Response>
void ChangeFeed<Request, Response>::DispatchFrom(int64_t from) {
  auto response = std::make_shared<Response>();
  Progress progress(from);
  progress.removals_after = 0;
  const absl::Status status = ReadBatch(Request(), kNoBound, &progress, response.get());
  absl::MutexLock lock(&mutex_);
  if (status.ok() && progress.revision == response->head_revision()) {
    recent_.push_back({from, std::move(response)});
    if (recent_.size() > kMaxRecent) recent_.pop_front();
    dispatched_ = progress.revision;
  } else {
    // More than fits into one message, or an error: the streams read by themselves.
    recent_.clear();
    dispatched_ = head_;
  }
  WakeAll();
}

// Stream.

template <class Request, class Response>
void ChangeFeed<Request, Response>::Stream::Advance() {
  absl::Status end;
  switch (Decide(&end)) {
    case Next::kShared:
      return SendShared();
    case Next::kHeartbeat:
      return SendHeartbeat();
    case Next::kOwnBatch:
      return SendOwnBatch();
    case Next::kWait:
      return;  // Another thread may run the next step already.
    case Next::kEnd:
      return End(end);
  }
}

template <class Request, class Response>
typename ChangeFeed<Request, Response>::Stream::Next ChangeFeed<Request, Response>::Stream::Decide(
    absl::Status* end) {
  absl::MutexLock lock(&feed_.mutex_);
  if (cancelled_) {
    *end = GoneError(true);
    return Next::kEnd;
  }
  if (feed_.draining_) {
    *end = DrainingError();
    return Next::kEnd;
  }
  if (feed_.restores_ != restores_) {
    *end = RestoredError();
    return Next::kEnd;
  }
  if (!sent_any_ || !at_head_) return Next::kOwnBatch;
  if (!request_.follow()) return Next::kEnd;
  shared_ = shares_ ? feed_.NextFor(progress_.revision, &until_) : nullptr;
  if (shared_ != nullptr) return Next::kShared;
  if (feed_.dispatched_ > progress_.revision) return Next::kOwnBatch;
  if (Since(last_sent_) >= kHeartbeat) return Next::kHeartbeat;
  own_ = Response();  // Many streams may wait for long, so they hold no memory meanwhile.
  feed_.waiting_.insert(this);
  return Next::kWait;
}

template <class Request, class Response>
void ChangeFeed<Request, Response>::Stream::SendShared() {
  progress_.revision = shared_->revision();
  progress_.place = Behind(progress_.revision);
  if (shared_->head_revision() >= told_head_) return Send(*shared_);
  own_ = *shared_;
  own_.set_head_revision(told_head_);
  Send(own_);
}

template <class Request, class Response>
void ChangeFeed<Request, Response>::Stream::SendHeartbeat() {
  own_.Clear();
  own_.set_revision(progress_.revision);
  own_.set_head_revision(std::max(progress_.revision, told_head_));
  own_.set_store_id(feed_.store_.store_id());
  Send(own_);
}

template <class Request, class Response>
void ChangeFeed<Request, Response>::Stream::SendOwnBatch() {
  absl::Status read = feed_.ReadBatch(request_, until_, &progress_, &own_);
  if (!read.ok()) return End(read);
  at_head_ = progress_.revision == std::min(own_.head_revision(), until_);
  told_head_ = own_.head_revision();
  Send(own_);
}

template <class Request, class Response>
void ChangeFeed<Request, Response>::Stream::Send(const Response& response) {
  sent_any_ = true;
  last_sent_ = SteadyNow();
  under_way_.AddSent(response.ByteSizeLong(), &response);
  this->StartWrite(&response);
}

template <class Request, class Response>
void ChangeFeed<Request, Response>::Stream::End(const absl::Status& status) {
  under_way_.AddReceived(request_.ByteSizeLong());
  under_way_.End(status, &request_, nullptr);
  this->Finish(rpc::ToGrpc(status));
}

template <class Request, class Response>
void ChangeFeed<Request, Response>::Stream::OnWriteDone(bool ok) {
  if (!ok) return End(GoneError(true));
  feed_.pool_.Run([this] { Advance(); });
}

template <class Request, class Response>
void ChangeFeed<Request, Response>::Stream::OnCancel() {
  absl::MutexLock lock(&feed_.mutex_);
  cancelled_ = true;
  if (feed_.waiting_.erase(this) > 0) feed_.pool_.Run([this] { Advance(); });
}

template <class Request, class Response>
void ChangeFeed<Request, Response>::Stream::OnDone() {
  {
    absl::MutexLock lock(&feed_.mutex_);
    --feed_.streams_;
  }
  delete this;
}

}  // namespace clustr::streaming

#endif  // CLUSTR_COMMON_STREAMING_CHANGE_FEED_H_
