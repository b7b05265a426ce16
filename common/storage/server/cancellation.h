#ifndef CLUSTR_COMMON_STORAGE_SERVER_CANCELLATION_H_
#define CLUSTR_COMMON_STORAGE_SERVER_CANCELLATION_H_

#include <libpq-fe.h>

#include <list>
#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/base/caller.h"
#include "common/base/steady_condition.h"
#include "common/storage/session.h"

namespace clustr::storage {

// Ends statements whose callers no longer wait: a thread looks at the callers of all running reads
// every 10 ms, and asks PostgreSQL to cancel those statements. Thread-safe.
class Cancellation {
 public:
  Cancellation();
  // No Watch may be left.
  ~Cancellation();

  // While it lives, the statements of a session are cancelled once the caller no longer waits.
  class Watch {
   public:
    // Borrows all three. A caller who waits for ever costs nothing.
    Watch(Cancellation* cancellation, Session& session, const Caller& caller);
    // Waits until a cancellation that is under way was sent.
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    // Why the statements were cancelled; OK if they were not. Afterwards none is cancelled any
    // more; but a cancellation that was sent may arrive late and hit the next statement, so the
    // session must not be used again.
    absl::Status End();

   private:
    friend class Cancellation;
    Cancellation& cancellation_;
    const Caller caller_;
    std::unique_ptr<PGcancel, decltype(&PQfreeCancel)> cancel_{nullptr, &PQfreeCancel};
    std::list<Watch*>::iterator place_;
    bool listed_ = false;
    // Guarded by the mutex of the Cancellation.
    absl::Status reason_;
    bool sending_ = false;
  };

 private:
  void Run();
  // A watch whose caller no longer waits and that was not cancelled yet; null if there is none.
  Watch* FindGone() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  SteadyCondition changed_;
  std::list<Watch*> watches_ ABSL_GUARDED_BY(mutex_);
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SERVER_CANCELLATION_H_
