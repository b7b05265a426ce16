#ifndef CLUSTR_SERVICES_BUNDLES_MINING_BASE_SEARCH_CONTROL_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_BASE_SEARCH_CONTROL_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"

namespace clustr::mining {

// Limits on the cost of a search. They are checked every few thousand steps, so the search may
// overrun them by milliseconds, and by one block of an arena (256 KiB, or one projection if that is
// larger).
struct MiningLimits {
  int64_t max_memory_bytes = INT64_MAX;  // In addition to the baskets.
  // By the monotonic clock, so that it does not move when somebody sets the wall clock.
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  // Another thread may set either to end the search.
  const std::atomic<bool>* cancelled = nullptr;
  const std::atomic<bool>* draining = nullptr;
  // If given, receives the finished share of the search, from 0 to 1, for another thread to read.
  // The share counts the items of baskets that were visited, not itemsets.
  std::atomic<double>* progress = nullptr;
};

// Decides for all threads of one search whether it continues. Thread-safe.
class SearchControl {
 public:
  explicit SearchControl(const MiningLimits& limits) : limits_(limits) {}

  bool stopped() const { return stop_.load(std::memory_order_relaxed) != Stop::kNone; }
  // Ends the search without an error.
  void Halt() { StopFor(Stop::kHalted); }

  // Adds to the memory that all threads of the search hold; a negative number takes away. Returns
  // false if the search must end.
  bool AddMemory(int64_t bytes);
  // Checks the deadline and whether the search was cancelled. Returns false if it must end.
  bool CheckTime();
  void SetProgress(double share) {
    if (limits_.progress != nullptr) limits_.progress->store(share, std::memory_order_relaxed);
  }

  // OK unless a limit ended the search: RESOURCE_EXHAUSTED for memory or time, with the limit in
  // its message; CANCELLED if the caller cancelled it.
  absl::Status status() const;

 private:
  enum class Stop { kNone, kHalted, kMemory, kTime, kCancelled };
  static bool IsSet(const std::atomic<bool>* flag) {
    return flag != nullptr && flag->load(std::memory_order_relaxed);
  }
  void StopFor(Stop reason) {
    Stop none = Stop::kNone;
    stop_.compare_exchange_strong(none, reason);
  }

  const MiningLimits& limits_;
  std::atomic<Stop> stop_ = Stop::kNone;
  std::atomic<int64_t> memory_bytes_ = 0;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_BASE_SEARCH_CONTROL_H_
