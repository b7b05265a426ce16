#ifndef CLUSTR_COMMON_BASE_CALL_STATE_H_
#define CLUSTR_COMMON_BASE_CALL_STATE_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "common/base/steady_time.h"

namespace clustr {

// A class of calls that share one limit.
struct CallOrigin {
  // Who calls: calls of one peer share its part of a limit. Empty for the server itself, which no
  // limit refuses.
  std::string peer = {};
  size_t bytes = 0;  // Size of the request on the wire, or the memory that the call holds.
};

// The limit of a class of calls.
struct CallClass {
  std::string name;   // Its name in --call-limits, such as `scans`.
  std::string calls;  // The calls in words, plural: `lists and exports`.
  int64_t max_count;  // Limit on calls at once, at least 1.
  int64_t max_bytes;  // Limit on the bytes of all of them together.
};

// How full a class of calls is.
struct CallState {
  int64_t waiting = 0;          // Calls that count towards the limit.
  int64_t running = 0;          // Calls that are being carried out and no longer count.
  int64_t refused = 0;          // Since the server started.
  bool refused_lately = false;  // At least one in the last 10 seconds.
  absl::Duration oldest_wait = absl::ZeroDuration();  // Wait of the oldest waiting call.
};

// Counts the calls that a class refuses. Not thread-safe.
class RefusalCount {
 public:
  void Add() {
    ++count_;
    last_ = SteadyNow();
  }
  void Report(CallState* state) const {
    state->refused = count_;
    state->refused_lately = count_ > 0 && Since(last_) < absl::Seconds(10);
  }

 private:
  int64_t count_ = 0;
  SteadyTime last_;
};

}  // namespace clustr

#endif  // CLUSTR_COMMON_BASE_CALL_STATE_H_
