#ifndef CLUSTR_COMMON_BASE_THREAD_POOL_H_
#define CLUSTR_COMMON_BASE_THREAD_POOL_H_

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace clustr {

// A fixed number of threads that start tasks in the order in which they were given. The queue is
// unbounded. Thread-safe.
class ThreadPool {
 public:
  explicit ThreadPool(int threads);
  // Runs all queued tasks, then joins the threads.
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // Queues `task`, which must not throw. Never blocks. A running task may queue another one even
  // while the pool is being destroyed; it still runs.
  void Run(std::function<void()> task);

  // Number of tasks that wait for a thread.
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
