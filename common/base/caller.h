#ifndef CLUSTR_COMMON_BASE_CALLER_H_
#define CLUSTR_COMMON_BASE_CALLER_H_

#include <atomic>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace clustr {

// Why a call whose client has gone or whose deadline has passed is not carried out.
inline absl::Status GoneError(bool cancelled) {
  if (cancelled) return absl::CancelledError("the client cancelled the call");
  return absl::DeadlineExceededError("the deadline passed before the call was carried out");
}

// Who waits for an answer. Work that takes long looks at it from time to time, so that nothing is
// computed for nobody. The default waits for ever. Thread-safe; borrows `cancelled`.
struct Caller {
  absl::Time deadline = absl::InfiniteFuture();
  const std::atomic<bool>* cancelled = nullptr;

  // OK while somebody waits, otherwise GoneError.
  absl::Status Waits() const {
    if (cancelled != nullptr && cancelled->load(std::memory_order_relaxed)) return GoneError(true);
    return absl::Now() >= deadline ? GoneError(false) : absl::OkStatus();
  }
};

}  // namespace clustr

#endif  // CLUSTR_COMMON_BASE_CALLER_H_
