#ifndef CLUSTR_SERVICES_BUNDLES_PROGRAM_HEALTH_SIGNS_H_
#define CLUSTR_SERVICES_BUNDLES_PROGRAM_HEALTH_SIGNS_H_

#include <functional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace clustr::bundles {

// Reports to the health service which of the server's services can answer. The events may come in
// any order. Thread-safe.
class HealthSigns {
 public:
  using SetServing = std::function<void(const std::string& service, bool serving)>;

  // The health service has started; reports go to `set_serving` from now on.
  void Started(SetServing set_serving);
  // A floor was read or mined: AssociationRuleService can list rules.
  void FloorReady();
  // The first state was published: every service can answer.
  void CaughtUp();
  // Whether the answers are older than this server may give. The server as a whole is then reported
  // as not ready, while each service that still answers is reported as before.
  void TooFarBehind(bool too_far_behind);
  // Whether the answers leave out more rows than this server may. Reported likewise.
  void LacksTooMuch(bool lacks_too_much);
  // The database is damaged: from now on, no service counts as able to answer.
  void Damaged();

  bool caught_up() const;

 private:
  void Report() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  SetServing set_serving_ ABSL_GUARDED_BY(mutex_);
  bool floor_ready_ ABSL_GUARDED_BY(mutex_) = false;
  bool caught_up_ ABSL_GUARDED_BY(mutex_) = false;
  bool too_far_behind_ ABSL_GUARDED_BY(mutex_) = false;
  bool lacks_too_much_ ABSL_GUARDED_BY(mutex_) = false;
  bool damaged_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_PROGRAM_HEALTH_SIGNS_H_
