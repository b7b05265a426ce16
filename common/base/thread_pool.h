#ifndef CLUSTR_COMMON_BASE_THREAD_POOL_H_
#define CLUSTR_COMMON_BASE_THREAD_POOL_H_

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace clustr {

// A fixed number of threads that run tasks in the order given. Thread-safe.
class ThreadPool {
 public:
  explicit ThreadPool(int threads);
  // Runs what was given, then ends the threads.
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // Never blocks. A task that is given while the pool is being destroyed, by another task, still
  // runs.
  void Run(std::function<void()> task);

  // Tasks that wait for a thread.
  size_t waiting() const;

 private:
  void Work();

  mutable absl::Mutex mutex_;
  std::deque<std::function<void()>> tasks_ ABSL_GUARDED_BY(mutex_);
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace clustr

#endif  // CLUSTR_COMMON_BASE_THREAD_POOL_H_
