#ifndef CLUSTR_SERVICES_BUNDLES_PROGRAM_LAG_WATCH_H_
#define CLUSTR_SERVICES_BUNDLES_PROGRAM_LAG_WATCH_H_

#include <cstdint>
#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "clustr/ops/v1/admin_service.pb.h"
#include "common/base/steady_condition.h"

namespace clustr::bundles {

// True if the upstream is connected and this server has been behind it for more than `max_seconds`;
// 0 means without a limit. A server whose upstream is down keeps serving what it has.
bool TooFarBehind(const ops::v1::Upstream& upstream, int64_t max_seconds);

// True if so many rows of one kind are set aside that the answers mean little: `lacking` is more
// than 100, and more than one in a hundred of them and the `held` ones of that kind together.
bool LacksTooMuch(int64_t lacking, int64_t held);

// Looks twice a second whether this server is too far behind what it follows, or lacks too much.
class LagWatch {
 public:
  // Starts the thread, which calls `look`.
  explicit LagWatch(std::function<void()> look);
  // Ends the thread at once.
  ~LagWatch();
  LagWatch(const LagWatch&) = delete;
  LagWatch& operator=(const LagWatch&) = delete;

 private:
  absl::Mutex mutex_;
  SteadyCondition changed_;  // ending_ has changed.
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_PROGRAM_LAG_WATCH_H_
