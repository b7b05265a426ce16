#ifndef CLUSTR_COMMON_BASE_STEADY_TIME_H_
#define CLUSTR_COMMON_BASE_STEADY_TIME_H_

#include <chrono>
#include <compare>

#include "absl/time/time.h"

// Time by the monotonic clock, which nobody can set. Everything that waits or measures uses it; the
// wall clock is for telling people when something happened.
namespace clustr {

// A moment of the monotonic clock of this machine. It means nothing after a reboot.
using SteadyTime = std::chrono::steady_clock::time_point;

inline SteadyTime SteadyNow() { return std::chrono::steady_clock::now(); }

// Time that has passed since `start`.
inline absl::Duration Since(SteadyTime start) { return absl::FromChrono(SteadyNow() - start); }

// The moment by which something must be done; never, by default. A value; immutable.
class Deadline {
 public:
  constexpr Deadline() = default;
  explicit constexpr Deadline(SteadyTime time) : time_(time) {}

  // `from_now` may be infinite, which means never, or negative.
  static Deadline In(absl::Duration from_now) { return Deadline(SteadyNow()).Later(from_now); }

  // This deadline moved by `duration`, which may be negative. One that is never stays so.
  Deadline Later(absl::Duration duration) const {
    if (is_never() || duration == absl::InfiniteDuration()) return Deadline();
    return Deadline(time_ + absl::ToChronoNanoseconds(duration));
  }

  bool is_never() const { return time_ == SteadyTime::max(); }
  bool passed() const { return !is_never() && SteadyNow() >= time_; }
  // Time until it passes: infinite for never, negative once it has passed.
  absl::Duration left() const {
    return is_never() ? absl::InfiniteDuration() : absl::FromChrono(time_ - SteadyNow());
  }
  SteadyTime time() const { return time_; }

  auto operator<=>(const Deadline&) const = default;

 private:
  SteadyTime time_ = SteadyTime::max();
};

}  // namespace clustr

#endif  // CLUSTR_COMMON_BASE_STEADY_TIME_H_
