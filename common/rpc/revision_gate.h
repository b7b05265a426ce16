#ifndef CLUSTR_COMMON_RPC_REVISION_GATE_H_
#define CLUSTR_COMMON_RPC_REVISION_GATE_H_

#include <functional>
#include <list>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/base/call_slots.h"
#include "common/base/caller.h"
#include "common/base/steady_condition.h"
#include "common/base/steady_time.h"
#include "common/base/thread_pool.h"

namespace clustr::rpc {

// Revisions of the services that a server follows; 0 for one that does not matter.
struct Revisions {
  int64_t sales = 0;
  int64_t catalog = 0;

  bool Covers(const Revisions& other) const {
    return sales >= other.sales && catalog >= other.catalog;
  }
};

// Parks calls until the revisions that they want to read have arrived, without blocking a thread
// for each. Thread-safe.
class RevisionGate {
 public:
  using Resume = std::function<void(absl::Status)>;

  // `pool` resumes parked calls, each of which holds one of `slots`; both must outlive the gate.
  RevisionGate(ThreadPool* pool, CallSlots* slots);
  // Fails the calls that are still parked with UNAVAILABLE, reason DRAINING.
  ~RevisionGate();
  RevisionGate(const RevisionGate&) = delete;
  RevisionGate& operator=(const RevisionGate&) = delete;

  // Calls `resume` with OK once `wanted` is reached: in this thread and before this returns if it
  // is reached already, otherwise later on the pool. Calls it with an error if that will not
  // happen: RESOURCE_EXHAUSTED, reason QUOTA, at once if no slot is free; DEADLINE_EXCEEDED, reason
  // NOT_YET_VISIBLE, at AnswerBy of the deadline of `caller` or after 30 s, whichever is earlier;
  // GoneError within 0.2 s after the caller cancels. `origin` is asked for only if the call is
  // parked.
  void Wait(const Revisions& wanted, const Caller& caller, absl::FunctionRef<CallOrigin()> origin,
            Resume resume);

  // Everything up to `reached` has arrived. A revision is lower than before only if the replica
  // starts over.
  void Reach(const Revisions& reached);

  // Fails every parked call with `status`, and forgets which revisions were reached.
  void Fail(const absl::Status& status);

 private:
  struct Parked {
    Revisions wanted;
    Deadline until;
    Caller caller;
    CallSlots::Slot slot;
    Resume resume;
  };

  bool Reached(const Revisions& wanted) const;
  // Resumes calls that were taken out of parked_. Whoever takes a call out resumes it, exactly
  // once.
  void ResumeAll(std::list<Parked> calls, const absl::Status& status);
  // The timer thread: fails calls that have waited too long, or that nobody waits for.
  void ReleaseLate();
  // Fails those calls, and returns when to look again.
  Deadline ReleaseNow() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  ThreadPool* const pool_;
  CallSlots* const slots_;
  mutable absl::Mutex mutex_;
  SteadyCondition look_;
  Revisions reached_ ABSL_GUARDED_BY(mutex_);
  std::list<Parked> parked_ ABSL_GUARDED_BY(mutex_);
  Deadline next_ ABSL_GUARDED_BY(mutex_);  // When the timer looks again.
  bool look_now_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread timer_;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_REVISION_GATE_H_
