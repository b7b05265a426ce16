#ifndef CLUSTR_SERVICES_BUNDLES_MINING_POOL_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_POOL_H_

#include <cstddef>
#include <functional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/base/errors.h"
#include "common/base/thread_pool.h"

namespace clustr::bundles {

// Threads for work that takes long, with a queue that ends somewhere: who would wait too long is
// told at once. Thread-safe.
class MiningPool {
 public:
  MiningPool(int threads, size_t most_waiting) : most_waiting_(most_waiting), pool_(threads) {}

  // RESOURCE_EXHAUSTED with reason QUOTA if `most_waiting` tasks wait already.
  absl::Status Run(std::function<void()> task) {
    absl::MutexLock lock(&mutex_);
    if (pool_.waiting() >= most_waiting_) {
      return MakeError(absl::StatusCode::kResourceExhausted, "QUOTA",
                       "too many calls wait to be computed; try again later, or ask fewer at once");
    }
    pool_.Run(std::move(task));
    return absl::OkStatus();
  }

 private:
  const size_t most_waiting_;
  absl::Mutex mutex_;  // Between looking at the queue and adding to it.
  ThreadPool pool_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_POOL_H_
