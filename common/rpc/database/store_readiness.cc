#include "common/rpc/database/store_readiness.h"

#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace clustr::rpc {
namespace {

class Readiness {
 public:
  Readiness(std::vector<std::string> services, SetServing set_serving)
      : services_(std::move(services)), set_serving_(std::move(set_serving)) {
    services_.emplace_back();
  }

  void Begin() {
    absl::MutexLock lock(&mutex_);
    Report();
  }

  void SetRestoring(bool restoring) {
    absl::MutexLock lock(&mutex_);
    restoring_ = restoring;
    Report();
  }

  void SetDamaged() {
    absl::MutexLock lock(&mutex_);
    damaged_ = true;
    Report();
  }

 private:
  void Report() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    for (const std::string& service : services_) set_serving_(service, !restoring_ && !damaged_);
  }

  std::vector<std::string> services_;
  const SetServing set_serving_;
  absl::Mutex mutex_;
  bool restoring_ ABSL_GUARDED_BY(mutex_) = false;
  bool damaged_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

void ReportReadiness(storage::Store* store, std::vector<std::string> services,
                     SetServing set_serving) {
  // The store may call its listeners as long as it lives.
  const auto readiness = std::make_shared<Readiness>(std::move(services), std::move(set_serving));
  store->OnRestoring([readiness](bool restoring) { readiness->SetRestoring(restoring); });
  store->OnDamage([readiness] { readiness->SetDamaged(); });
  // Last, so that a restore that begins meanwhile is not missed: the port is open already.
  readiness->Begin();
}

}  // namespace clustr::rpc
