#ifndef CLUSTR_COMMON_STORAGE_SQL_SESSION_POOL_H_
#define CLUSTR_COMMON_STORAGE_SQL_SESSION_POOL_H_

#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/storage/session.h"

namespace clustr::storage {

// The sessions of readers that nobody uses at the moment. A null session stands for one that is not
// connected. Thread-safe.
class SessionPool {
 public:
  // Adds a session, or gives one back.
  void Give(std::unique_ptr<Session> session) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    idle_.push_back(std::move(session));
  }

  // Waits for a session, and takes the one that was used last.
  std::unique_ptr<Session> Take() ABSL_LOCKS_EXCLUDED(mutex_) {
    const auto has_idle = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !idle_.empty(); };
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&has_idle));
    std::unique_ptr<Session> session = std::move(idle_.back());
    idle_.pop_back();
    return session;
  }

  // Closes those that nobody uses.
  void Clear() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    idle_.clear();
  }

 private:
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<Session>> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SQL_SESSION_POOL_H_
