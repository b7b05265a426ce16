// A wall clock that jumps: takes the place of libc's clock in every process that preloads this
// library.

#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>

#include <atomic>

#include "tests/chaos/disk/control.h"

namespace clustr::chaos {
namespace {

constexpr int64_t kNanos = 1'000'000'000;

int64_t Offset() {
  static const Control* const control = MapControl();
  return control->clock_offset.load(std::memory_order_relaxed);
}

int RealTime(clockid_t clock, timespec* time) {
  static const auto real =
      reinterpret_cast<int (*)(clockid_t, timespec*)>(dlsym(RTLD_NEXT, "clock_gettime"));
  return real(clock, time);
}

int Now(timespec* time) {
  const int code = RealTime(CLOCK_REALTIME, time);
  const int64_t nanos = time->tv_sec * kNanos + time->tv_nsec + Offset();
  time->tv_sec = nanos / kNanos;
  time->tv_nsec = nanos % kNanos;
  return code;
}

}  // namespace
}  // namespace clustr::chaos

extern "C" int clock_gettime(clockid_t clock, timespec* time) {
  return clock == CLOCK_REALTIME ? clustr::chaos::Now(time) : clustr::chaos::RealTime(clock, time);
}

extern "C" int gettimeofday(timeval* time, void*) {
  timespec now;
  const int code = clustr::chaos::Now(&now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return code;
}

extern "C" time_t time(time_t* out) {
  timespec now;
  clustr::chaos::Now(&now);
  if (out != nullptr) *out = now.tv_sec;
  return now.tv_sec;
}
