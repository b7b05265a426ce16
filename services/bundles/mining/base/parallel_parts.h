#ifndef CLUSTR_SERVICES_BUNDLES_MINING_BASE_PARALLEL_PARTS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_BASE_PARALLEL_PARTS_H_

#include <algorithm>
#include <cstddef>
#include <thread>
#include <vector>

namespace clustr::mining {

// Number of parts that are each worth a thread: at least 1 and at most `threads`.
inline size_t PartCount(size_t baskets, int threads) {
  constexpr size_t kMinBaskets = 4096;
  return std::clamp<size_t>(baskets / kMinBaskets, 1, static_cast<size_t>(threads));
}

// Calls work(part, begin, end) for `parts` consecutive ranges that make up [0, size). The first
// call runs on the caller's thread, each other one on a new thread. Returns when all calls have
// returned.
template <class Work>
void ForEachPart(size_t parts, size_t size, const Work& work) {
  std::vector<std::thread> threads;
  const auto begin = [&](size_t part) {
    return size / parts * part + std::min(part, size % parts);
  };
  for (size_t part = 1; part < parts; ++part) {
    threads.emplace_back([&, part] { work(part, begin(part), begin(part + 1)); });
  }
  work(size_t{0}, size_t{0}, begin(1));
  for (std::thread& thread : threads) thread.join();
}

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_BASE_PARALLEL_PARTS_H_
