#include "services/bundles/training/data/workers.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace clustr::training {

absl::Status ForEachPart(size_t parts, size_t threads, const Wanted& wanted,
                         absl::FunctionRef<void(size_t part, size_t worker)> work) {
  std::atomic<size_t> next = 0;  // At `parts` or above: none is left.
  std::vector<std::thread> others;
  for (size_t worker = 1; worker < std::min(threads, parts); ++worker) {
    others.emplace_back([&, worker] {
      for (size_t part = next++; part < parts; part = next++) work(part, worker);
    });
  }
  absl::Status status = wanted();
  while (status.ok()) {
    const size_t part = next++;
    if (part >= parts) break;
    work(part, 0);
    status = wanted();
  }
  if (!status.ok()) next = parts;
  for (std::thread& other : others) other.join();
  return status;
}

}  // namespace clustr::training
