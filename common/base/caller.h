#ifndef CLUSTR_COMMON_BASE_CALLER_H_
#define CLUSTR_COMMON_BASE_CALLER_H_

#include <atomic>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace clustr {

// The error of a call that is not carried out because the client has cancelled it (CANCELLED) or
// its deadline has passed (DEADLINE_EXCEEDED).
inline absl::Status GoneError(bool cancelled) {
  if (cancelled) return absl::CancelledError("the client cancelled the call");
  return absl::DeadlineExceededError("the deadline passed before the call was carried out");
}

// The party that waits for an answer. Long-running work calls Waits() from time to time and stops
// once nobody waits. The default waits forever. Thread-safe. Borrows `cancelled`, which may be null
// and must outlive this.
struct Caller {
  absl::Time deadline = absl::InfiniteFuture();
  const std::atomic<bool>* cancelled = nullptr;

  // OK while the caller waits, otherwise GoneError. O(1); reads the clock.
  absl::Status Waits() const {
    if (cancelled != nullptr && cancelled->load(std::memory_order_relaxed)) return GoneError(true);
    return absl::Now() >= deadline ? GoneError(false) : absl::OkStatus();
  }
};

}  // namespace clustr

#endif  // CLUSTR_COMMON_BASE_CALLER_H_
