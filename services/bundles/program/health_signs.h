#ifndef CLUSTR_SERVICES_BUNDLES_PROGRAM_HEALTH_SIGNS_H_
#define CLUSTR_SERVICES_BUNDLES_PROGRAM_HEALTH_SIGNS_H_

#include <functional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace clustr::bundles {

// What the server can do by now, told to its health service, whichever is there first. Thread-safe.
class HealthSigns {
 public:
  using SetServing = std::function<void(const std::string& service, bool serving)>;

  // The health service is there.
  void Started(SetServing set_serving);
  // A floor was read or counted: rules can be listed.
  void FloorReady();
  // Sales and catalog are counted for the first time: everything can be asked.
  void CaughtUp();

  bool caught_up() const;

 private:
  void Tell() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  SetServing set_serving_ ABSL_GUARDED_BY(mutex_);
  bool floor_ready_ ABSL_GUARDED_BY(mutex_) = false;
  bool caught_up_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_PROGRAM_HEALTH_SIGNS_H_
