#ifndef CLUSTR_COMMON_RPC_REVISION_GATE_H_
#define CLUSTR_COMMON_RPC_REVISION_GATE_H_

#include <functional>
#include <list>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
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
  // `pool` resumes parked calls and must outlive the gate.
  explicit RevisionGate(ThreadPool* pool);
  // Fails the calls that are still parked with UNAVAILABLE, reason DRAINING.
  ~RevisionGate();
  RevisionGate(const RevisionGate&) = delete;
  RevisionGate& operator=(const RevisionGate&) = delete;

  // Calls `resume` with OK once `wanted` is reached: in this thread and before this returns if it
  // is reached already, otherwise later on the pool. Calls it with DEADLINE_EXCEEDED, reason
  // NOT_YET_VISIBLE, 20 ms before `deadline` or after 30 s, whichever is earlier.
  void Wait(const Revisions& wanted, absl::Time deadline, std::function<void(absl::Status)> resume);

  // Everything up to `reached` has arrived. A revision is lower than before only if the replica
  // starts over.
  void Reach(const Revisions& reached);

  // Fails every parked call with `status`, and forgets which revisions were reached.
  void Fail(const absl::Status& status);

 private:
  struct Parked {
    Revisions wanted;
    absl::Time until;
    std::function<void(absl::Status)> resume;
  };

  // Resumes calls that were taken out of parked_. Whoever takes a call out resumes it, exactly
  // once.
  void Resume(std::list<Parked> calls, const absl::Status& status);
  // The timer thread: fails calls that have waited too long.
  void ReleaseLate();

  ThreadPool* const pool_;
  absl::Mutex mutex_;
  Revisions reached_ ABSL_GUARDED_BY(mutex_);
  std::list<Parked> parked_ ABSL_GUARDED_BY(mutex_);
  absl::Time next_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();  // When the timer wakes.
  bool look_now_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread timer_;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_REVISION_GATE_H_
