#ifndef CLUSTR_SERVICES_BUNDLES_MINING_BASE_SEARCH_CONTROL_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_BASE_SEARCH_CONTROL_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace clustr::mining {

// What a search may cost. Looked at every few thousand steps, so that it is overrun by
// milliseconds; memory by one block of the arena (256 KiB, or one projection if that is larger).
struct MiningLimits {
  int64_t max_memory_bytes = INT64_MAX;  // Beside the baskets.
  absl::Time deadline = absl::InfiniteFuture();
  const std::atomic<bool>* cancelled = nullptr;  // Set by another thread to end the search.
  // If given, becomes the share of the search that is done, from 0 to 1, for another thread to
  // look at. Counts items of the baskets that were gone through and not itemsets.
  std::atomic<double>* progress = nullptr;
};

// Decides for all threads of one search whether it goes on. Thread-safe.
class SearchControl {
 public:
  explicit SearchControl(const MiningLimits& limits) : limits_(limits) {}

  bool stopped() const { return stop_.load(std::memory_order_relaxed) != Stop::kNone; }
  // Ends the search, for a reason of the caller's own.
  void Halt() { StopFor(Stop::kHalted); }

  // Adds to the memory that the search holds (from all threads), or takes from it. False if it must
  // end.
  bool AddMemory(int64_t bytes);
  // Looks at the clock and for cancellation. False if the search must end.
  bool CheckTime();
  void SetProgress(double share) {
    if (limits_.progress != nullptr) limits_.progress->store(share, std::memory_order_relaxed);
  }

  // OK unless a limit was passed: RESOURCE_EXHAUSTED for memory or time, naming the limit,
  // CANCELLED if asked to end.
  absl::Status status() const;

 private:
  enum class Stop { kNone, kHalted, kMemory, kTime, kCancelled };
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
