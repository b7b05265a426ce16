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

// Revisions of what a server follows; a part that does not matter is 0.
struct Revisions {
  int64_t sales = 0;
  int64_t catalog = 0;

  bool Covers(const Revisions& other) const {
    return sales >= other.sales && catalog >= other.catalog;
  }
};

// Parks calls until what they want to read is there, without holding a thread. Thread-safe.
class RevisionGate {
 public:
  // `pool` runs what was parked and must outlive the gate.
  explicit RevisionGate(ThreadPool* pool);
  // Fails what is still parked.
  ~RevisionGate();
  RevisionGate(const RevisionGate&) = delete;
  RevisionGate& operator=(const RevisionGate&) = delete;

  // Calls `resume` on the pool: with OK once `wanted` is covered; 20 ms before `deadline`, and
  // after 30 s at most, with DEADLINE_EXCEEDED, reason NOT_YET_VISIBLE. At once, in this thread, if
  // it is covered.
  void Wait(const Revisions& wanted, absl::Time deadline, std::function<void(absl::Status)> resume);

  // Tells that everything up to `reached` is there. Never goes back, but see Fail.
  void Reach(const Revisions& reached);

  // Fails every parked call with `status`, and forgets what was reached.
  void Fail(const absl::Status& status);

 private:
  struct Parked {
    Revisions wanted;
    absl::Time until;
    std::function<void(absl::Status)> resume;
  };

  // Runs calls that were taken out of parked_: whoever takes a call out resumes it, once.
  void Resume(std::list<Parked> calls, const absl::Status& status);
  // The timer thread: releases what has waited long enough.
  void ReleaseLate();

  ThreadPool* const pool_;
  absl::Mutex mutex_;
  Revisions reached_ ABSL_GUARDED_BY(mutex_);
  std::list<Parked> parked_ ABSL_GUARDED_BY(mutex_);
  absl::Time next_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();  // When the timer looks again.
  bool look_now_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread timer_;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_REVISION_GATE_H_
