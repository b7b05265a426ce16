#include "services/bundles/program/lag_watch.h"

#include <utility>

#include "absl/time/time.h"

namespace clustr::bundles {
namespace {

constexpr absl::Duration kInterval = absl::Milliseconds(500);

}  // namespace

bool TooFarBehind(const ops::v1::Upstream& upstream, int64_t max_seconds) {
  return max_seconds > 0 && upstream.connected() && upstream.lag().seconds() > max_seconds;
}

LagWatch::LagWatch(std::function<bool()> too_far_behind, HealthSigns* health)
    : thread_([this, too_far_behind = std::move(too_far_behind), health] {
        const auto ending = [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return ending_; };
        absl::MutexLock lock(&mutex_);
        while (!changed_.WaitUntil(&mutex_, Deadline::In(kInterval), ending)) {
          health->TooFarBehind(too_far_behind());
        }
      }) {}

LagWatch::~LagWatch() {
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
    changed_.NotifyAll();
  }
  thread_.join();
}

}  // namespace clustr::bundles
