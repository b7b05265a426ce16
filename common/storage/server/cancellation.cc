#include "common/storage/server/cancellation.h"

#include "absl/time/time.h"
#include "common/storage/server/connector.h"

namespace clustr::storage {
namespace {

constexpr absl::Duration kBetweenLooks = absl::Milliseconds(10);

}  // namespace

Cancellation::Cancellation() : thread_([this] { Run(); }) {}

Cancellation::~Cancellation() {
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
    changed_.NotifyAll();
  }
  thread_.join();
}

void Cancellation::Run() {
  absl::MutexLock lock(&mutex_);
  while (!ending_) {
    const bool any = !watches_.empty();
    changed_.WaitUntil(&mutex_, any ? Deadline::In(kBetweenLooks) : Deadline(), [&] {
      mutex_.AssertHeld();
      return ending_ || (!any && !watches_.empty());
    });
    while (Watch* gone = FindGone()) {
      gone->sending_ = true;
      mutex_.Unlock();
      char error[256];
      // If it cannot be sent, the statement ends by itself, or with the connection.
      PQcancel(gone->cancel_.get(), error, sizeof(error));
      mutex_.Lock();
      gone->sending_ = false;
      changed_.NotifyAll();
    }
  }
}

Cancellation::Watch* Cancellation::FindGone() {
  for (Watch* watch : watches_) {
    if (!watch->reason_.ok()) continue;
    watch->reason_ = watch->caller_.Waits();
    if (!watch->reason_.ok()) return watch;
  }
  return nullptr;
}

Cancellation::Watch::Watch(Cancellation* cancellation, Session& session, const Caller& caller)
    : cancellation_(*cancellation), caller_(caller) {
  if (caller.cancelled == nullptr && caller.end().is_never()) return;
  cancel_.reset(PQgetCancel(ConnectionOf(session)));
  absl::MutexLock lock(&cancellation_.mutex_);
  place_ = cancellation_.watches_.insert(cancellation_.watches_.end(), this);
  listed_ = true;
  if (cancellation_.watches_.size() == 1) cancellation_.changed_.NotifyAll();
}

Cancellation::Watch::~Watch() { (void)End(); }

absl::Status Cancellation::Watch::End() {
  if (!listed_) return reason_;
  absl::MutexLock lock(&cancellation_.mutex_);
  cancellation_.watches_.erase(place_);
  listed_ = false;
  cancellation_.changed_.WaitUntil(&cancellation_.mutex_, Deadline(), [this] { return !sending_; });
  return reason_;
}

}  // namespace clustr::storage
