#ifndef CLUSTR_COMMON_BASE_CALL_QUEUE_H_
#define CLUSTR_COMMON_BASE_CALL_QUEUE_H_

#include <algorithm>
#include <atomic>
#include <functional>
#include <list>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/base/call_state.h"
#include "common/base/caller.h"
#include "common/base/histogram.h"

namespace clustr {

// Carries out the calls of one class on threads of its own, so that they can hold up no others. The
// queue has a limit, and is fair: the threads serve the peers that wait in turn, and when the queue
// is full, a call of the peer that has the most in it gives way to one of a peer that has fewer.
// Thread-safe.
class CallQueue {
 public:
  // Called exactly once: on a thread of the queue with OK, or there or elsewhere with the reason
  // why the call is not carried out. Must not throw.
  using Run = std::function<void(const absl::Status&)>;

  // A call may run for `max_run`; see TimeLimit. `advice` tells how to narrow a call that takes
  // longer.
  CallQueue(CallClass limit, int threads, absl::Duration max_run, absl::string_view advice);
  // Runs what is queued, then joins the threads.
  ~CallQueue();
  CallQueue(const CallQueue&) = delete;
  CallQueue& operator=(const CallQueue&) = delete;

  // Queues a call. `run` gets RESOURCE_EXHAUSTED with reason QUOTA if the queue has no room, or
  // needs its place for another peer, and the error of Caller::Waits if `caller` no longer waits
  // when its turn comes, or earlier, at the next DropGone; after Drain, DrainingError. A call that
  // waits until its answer would come too late (see AnswerBy) gets DEADLINE_EXCEEDED with reason
  // TIME_LIMIT.
  void Add(CallOrigin origin, const Caller& caller, Run run);

  // Queues the next step of a call that was accepted before, so no limit refuses it.
  void Continue(CallOrigin origin, const Caller& caller, Run run);

  // Ends the queued calls whose callers no longer wait, or have waited as long as their deadlines
  // allow. To be called a few times per second, and again when the result, the moment of the next
  // such call, has come.
  Deadline DropGone();

  // Ends the calls of the class, because the server stops: those that wait, or come later, and
  // those that run, by their limit, get DrainingError.
  void Drain();

  // The limit on a call that begins to run now, and whose answer has to leave by `answer_by` so
  // that the client gets it before its deadline. It borrows from this object.
  TimeLimit StartLimit(Deadline answer_by = {}) const {
    const Deadline own = Deadline::In(max_run_);
    const std::string& message = answer_by < own ? too_short_ : too_long_;
    return {std::min(own, answer_by), &message, absl::ToInt64Seconds(max_run_), &draining_};
  }

  const CallClass& limit() const { return limit_; }
  CallState state() const;
  // How long calls have waited in the queue before they were carried out, in seconds.
  Histogram::State waits() const { return waits_.state(); }

 private:
  struct Task {
    CallOrigin origin;
    Caller caller;
    Run run;
    bool is_new;  // False for the next step of a call that was accepted before.
    SteadyTime since;
    absl::Status refusal = absl::OkStatus();  // Why it was taken out without being carried out.
  };
  using Tasks = std::list<Task>;
  // The queued calls of one peer, oldest first; at least one.
  struct Peer {
    std::string name;
    Tasks tasks;
  };
  using Peers = std::list<Peer>;

  // Moves calls out of the queue to `out`, so that the one in `added` fits; moves that one there if
  // it gets no place.
  void MakeRoom(Tasks* added, Tasks* out) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool HasRoomFor(const Task& task) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Push(Tasks* added) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Moves a call of `peer` to `out`, and forgets the peer if it was the last.
  void Take(Peers::iterator peer, Tasks::iterator task, Tasks* out)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Returns when the next caller will have waited as long as its deadline allows.
  Deadline TakeGone(Tasks* out) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // `caller` while its call is in the queue.
  Caller Waiting(Caller caller) const;
  // Runs calls that were taken out with their refusals.
  static void End(Tasks* out);
  void Work();

  const CallClass limit_;
  const absl::Duration max_run_;
  const std::string too_long_;   // The error text of a call that has run for max_run_.
  const std::string too_short_;  // The error text of a call whose own deadline ended it earlier.
  const std::string waited_;     // The same of one that was still in the queue.
  std::atomic<int64_t> running_ = 0;
  std::atomic<bool> draining_ = false;
  Histogram waits_{SecondsBounds()};

  mutable absl::Mutex mutex_;
  Peers peers_ ABSL_GUARDED_BY(mutex_);  // The first one is served next.
  absl::flat_hash_map<std::string, Peers::iterator> by_name_ ABSL_GUARDED_BY(mutex_);
  int64_t waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  RefusalCount refusals_ ABSL_GUARDED_BY(mutex_);
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

// The error of a call that its class has no room for.
absl::Status QuotaError(const CallClass& limit);

}  // namespace clustr

#endif  // CLUSTR_COMMON_BASE_CALL_QUEUE_H_
