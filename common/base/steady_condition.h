#ifndef CLUSTR_COMMON_BASE_STEADY_CONDITION_H_
#define CLUSTR_COMMON_BASE_STEADY_CONDITION_H_

#include <condition_variable>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/base/steady_time.h"

namespace clustr {

// Waits for something that an absl::Mutex guards, until a deadline at the latest. The waits of
// absl::Mutex that have a time limit follow the wall clock: if it is set back by an hour while one
// waits a second, it waits an hour. Whoever makes the condition true must call NotifyAll.
// Thread-safe.
class SteadyCondition {
 public:
  // Waits until `met()` is true or `deadline` has passed, and returns what `met()` is then. The
  // caller holds `mutex`, which is released while it waits.
  template <class Met>
  bool WaitUntil(absl::Mutex* mutex, Deadline deadline, Met met) ABSL_NO_THREAD_SAFETY_ANALYSIS {
    Lock lock{mutex};
    if (deadline.is_never()) {
      changed_.wait(lock, met);
      return true;
    }
    return changed_.wait_until(lock, deadline.time(), met);
  }

  void NotifyAll() { changed_.notify_all(); }

 private:
  // The mutex under the names that the standard library uses.
  struct Lock {
    absl::Mutex* mutex;
    void lock() ABSL_NO_THREAD_SAFETY_ANALYSIS { mutex->Lock(); }
    void unlock() ABSL_NO_THREAD_SAFETY_ANALYSIS { mutex->Unlock(); }
  };

  std::condition_variable_any changed_;
};

}  // namespace clustr

#endif  // CLUSTR_COMMON_BASE_STEADY_CONDITION_H_
