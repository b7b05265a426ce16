#ifndef CLUSTR_SERVICES_BUNDLES_PROGRAM_COMMIT_FOLLOWER_H_
#define CLUSTR_SERVICES_BUNDLES_PROGRAM_COMMIT_FOLLOWER_H_

#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/base/steady_condition.h"
#include "common/storage/store.h"

namespace clustr::bundles {

// Keeps something in memory equal to what a shared database holds: on a thread of its own, looks
// soon after the start, after each commit that took a revision, whichever server made it, and
// whenever it is asked to; half a second later again if a look has failed. Thread-safe.
class CommitFollower {
 public:
  using Done = std::function<void(const absl::Status&)>;

  // Borrows the store. `look` may block; it runs once at a time.
  CommitFollower(storage::Store* store, std::function<absl::Status()> look);
  // Ends the looks that were asked for.
  ~CommitFollower();
  CommitFollower(const CommitFollower&) = delete;
  CommitFollower& operator=(const CommitFollower&) = delete;

  // Calls `done` on the thread with the result of a look that has begun after this call. Never
  // blocks. Those who ask while a look is under way share the next one.
  void Look(Done done);

 private:
  void Follow();

  storage::Store& store_;
  const std::function<absl::Status()> look_;
  absl::Mutex mutex_;
  SteadyCondition changed_;
  bool due_ ABSL_GUARDED_BY(mutex_) = true;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<Done> waiting_ ABSL_GUARDED_BY(mutex_);
  int64_t listener_ = 0;
  std::thread thread_;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_PROGRAM_COMMIT_FOLLOWER_H_
