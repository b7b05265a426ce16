#ifndef CLUSTR_SERVICES_BUNDLES_PROGRAM_MINING_POOL_H_
#define CLUSTR_SERVICES_BUNDLES_PROGRAM_MINING_POOL_H_

#include <atomic>
#include <cstddef>
#include <functional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/base/thread_pool.h"

namespace clustr::bundles {

// Threads for long computations, one fewer than cores (but at least one), with a bounded queue that
// rejects at once when it is full. Thread-safe.
class MiningPool {
 public:
  MiningPool(int cores, size_t max_waiting);

  // Queues `task`. RESOURCE_EXHAUSTED with reason QUOTA if `max_waiting` tasks are already waiting.
  absl::Status Run(std::function<void()> task);

  // Number of threads, its own included, that a task may use: an equal share of the cores among the
  // tasks that run or wait at this moment. A task that is alone gets all cores, up to kMaxThreads.
  int SpareThreads() const;

 private:
  static constexpr int kMaxThreads = 4;  // Each thread of a search needs memory of its own.

  const int cores_;
  const size_t max_waiting_;
  std::atomic<int> running_ = 0;
  mutable absl::Mutex mutex_;  // Makes the check of the queue and the addition to it atomic.
  ThreadPool pool_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_PROGRAM_MINING_POOL_H_
