#ifndef CLUSTR_COMMON_BASE_CALLER_H_
#define CLUSTR_COMMON_BASE_CALLER_H_

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "common/base/errors.h"
#include "common/base/steady_time.h"

namespace clustr {

// The error of a call that is not carried out because the client has cancelled it (CANCELLED) or
// its deadline has passed (DEADLINE_EXCEEDED).
inline absl::Status GoneError(bool cancelled) {
  if (cancelled) return absl::CancelledError("the client cancelled the call");
  return absl::DeadlineExceededError("the deadline passed before the call was carried out");
}

// The error of a call that is not carried out, or not to its end, because the server stops.
inline absl::Status DrainingError() {
  return MakeError(common::v1::ERROR_REASON_DRAINING, "the server is stopping; try again");
}

// By when an answer must leave for the client to see it, rather than a DEADLINE_EXCEEDED that its
// own library makes without a reason. That is a tenth of the time that is left and 20 ms before
// `deadline`, but at most a hundredth and 1 s, and at most half of that time. A client rounds the
// deadline that it sends up by as much as a hundredth; the rest is for a loaded machine. Never, for
// a deadline that is never.
inline Deadline AnswerBy(Deadline deadline) {
  const absl::Duration left = deadline.left();
  if (deadline.is_never() || left <= absl::ZeroDuration()) return deadline;
  return deadline.Later(
      -std::min({left / 2, absl::Milliseconds(20) + left / 10, absl::Seconds(1) + left / 100}));
}

// How long the server works on a call, whatever deadline the client gave. None by default.
struct TimeLimit {
  Deadline until;
  // The message to the client once the limit has ended the call: the limit, and how to narrow the
  // call. Borrowed.
  const std::string* message = nullptr;
  int64_t seconds = 0;  // For programs: how long the server works on such a call at most.
  // If given, true once the server stops and no longer works on the call. Borrowed.
  const std::atomic<bool>* draining = nullptr;
};

// The party that waits for an answer. Long-running work calls Waits() from time to time and stops
// once nobody waits. The default waits forever. Thread-safe. Borrows `cancelled`, which may be null
// and must outlive this.
struct Caller {
  Deadline deadline = {};
  const std::atomic<bool>* cancelled = nullptr;
  TimeLimit limit = {};

  // OK while the caller waits, otherwise GoneError; DEADLINE_EXCEEDED with reason TIME_LIMIT once
  // the server has worked long enough, or the answer must leave to arrive in time, DrainingError
  // once it no longer works on the call because it stops. O(1); reads the clock.
  absl::Status Waits() const {
    if (cancelled != nullptr && cancelled->load(std::memory_order_relaxed)) return GoneError(true);
    if (limit.draining != nullptr && limit.draining->load(std::memory_order_relaxed)) {
      return DrainingError();
    }
    if (deadline.is_never() && limit.until.is_never()) return absl::OkStatus();
    const Deadline now(SteadyNow());
    if (now >= deadline) return GoneError(false);
    if (now < limit.until) return absl::OkStatus();
    return MakeError(common::v1::ERROR_REASON_TIME_LIMIT, *limit.message,
                     {{"limit_seconds", std::to_string(limit.seconds)}});
  }

  // When Waits() fails at the latest.
  Deadline end() const { return std::min(deadline, limit.until); }
};

}  // namespace clustr

#endif  // CLUSTR_COMMON_BASE_CALLER_H_
