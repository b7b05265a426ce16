#ifndef CLUSTR_SERVICES_BUNDLES_PROGRAM_MINING_POOL_H_
#define CLUSTR_SERVICES_BUNDLES_PROGRAM_MINING_POOL_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/base/errors.h"
#include "common/base/thread_pool.h"

namespace clustr::bundles {

// Threads for work that takes long, one fewer than cores, with a queue that ends somewhere: who
// would wait too long is told at once. Thread-safe.
class MiningPool {
 public:
  MiningPool(int cores, size_t max_waiting)
      : cores_(cores), max_waiting_(max_waiting), pool_(std::max(1, cores - 1)) {}

  // RESOURCE_EXHAUSTED with reason QUOTA if `max_waiting` tasks wait already.
  absl::Status Run(std::function<void()> task) {
    absl::MutexLock lock(&mutex_);
    if (pool_.waiting() >= max_waiting_) {
      return MakeError(common::v1::ERROR_REASON_QUOTA,
                       "too many calls wait to be computed; try again later, or ask fewer at once");
    }
    pool_.Run([this, task = std::move(task)] {
      ++running_;
      task();
      --running_;
    });
    return absl::OkStatus();
  }

  // How many threads a task may use, itself among them: its share of the cores among those that run
  // and wait at this moment. Who is alone has them all.
  int SpareThreads() const {
    absl::MutexLock lock(&mutex_);
    const int tasks = running_ + static_cast<int>(pool_.waiting());
    return std::clamp(cores_ / std::max(1, tasks), 1, kMaxThreads);
  }

 private:
  static constexpr int kMaxThreads = 4;  // Each takes memory of its own.

  const int cores_;
  const size_t max_waiting_;
  std::atomic<int> running_ = 0;
  mutable absl::Mutex mutex_;  // Between looking at the queue and adding to it.
  ThreadPool pool_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_PROGRAM_MINING_POOL_H_
