#include "services/bundles/program/lag_watch.h"

#include <utility>

#include "absl/time/time.h"

namespace clustr::bundles {
namespace {

constexpr absl::Duration kInterval = absl::Milliseconds(500);
constexpr int64_t kMaxLacking = 100;

}  // namespace

bool TooFarBehind(const ops::v1::Upstream& upstream, int64_t max_seconds) {
  return max_seconds > 0 && upstream.connected() && upstream.lag().seconds() > max_seconds;
}

bool LacksTooMuch(int64_t lacking, int64_t held) {
  return lacking > kMaxLacking && lacking * 100 > lacking + held;
}

LagWatch::LagWatch(std::function<void()> look)
    : thread_([this, look = std::move(look)] {
        const auto ending = [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return ending_; };
        absl::MutexLock lock(&mutex_);
        while (!changed_.WaitUntil(&mutex_, Deadline::In(kInterval), ending)) {
          look();
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
