#include "services/bundles/program/mining_pool.h"

#include <algorithm>
#include <utility>

#include "common/base/errors.h"

namespace clustr::bundles {

MiningPool::MiningPool(int cores, size_t max_waiting)
    : cores_(cores), max_waiting_(max_waiting), pool_(std::max(1, cores - 1)) {}

absl::Status MiningPool::Run(std::function<void()> task) {
  absl::MutexLock lock(&mutex_);
  if (pool_.waiting() >= max_waiting_) {
    return MakeError(common::v1::ERROR_REASON_QUOTA,
                     "too many calls are waiting to be computed; try again later, or make fewer "
                     "calls at once");
  }
  pool_.Run([this, task = std::move(task)] {
    ++running_;
    task();
    --running_;
  });
  return absl::OkStatus();
}

int MiningPool::SpareThreads() const {
  absl::MutexLock lock(&mutex_);
  const int tasks = running_ + static_cast<int>(pool_.waiting());
  return std::clamp(cores_ / std::max(1, tasks), 1, kMaxThreads);
}

}  // namespace clustr::bundles
