#include "common/streaming/follower.h"

namespace clustr::streaming {

FollowerState::FollowerState(std::string name, std::string address)
    : name_(std::move(name)), address_(std::move(address)), behind_since_(SteadyNow()) {}

void FollowerState::Advance(int64_t applied, int64_t head) {
  absl::MutexLock lock(&mutex_);
  connected_ = true;
  unreachable_ = false;
  applied_ = applied;
  head_ = head;
  if (applied == head) behind_since_ = SteadyNow();
}

void FollowerState::Disconnect() {
  absl::MutexLock lock(&mutex_);
  if (connected_) behind_since_ = SteadyNow();
  unreachable_ = !connected_;
  connected_ = false;
}

void FollowerState::StartOver() {
  absl::MutexLock lock(&mutex_);
  lost_ = std::max(lost_, applied_);
  applied_ = 0;
}

ops::v1::Upstream FollowerState::Status() const {
  absl::MutexLock lock(&mutex_);
  ops::v1::Upstream status;
  status.set_name(name_);
  status.set_address(address_);
  status.set_connected(connected_);
  status.set_applied_revision(applied_);
  status.set_head_revision(head_);
  status.set_lost_revision(lost_);
  const absl::Duration lag =
      connected_ && applied_ == head_ ? absl::ZeroDuration() : Since(behind_since_);
  status.mutable_lag()->set_seconds(absl::ToInt64Seconds(lag));
  return status;
}

bool FollowerState::connected() const {
  absl::MutexLock lock(&mutex_);
  return connected_;
}

bool FollowerState::unreachable() const {
  absl::MutexLock lock(&mutex_);
  return unreachable_;
}

int64_t FollowerState::applied() const {
  absl::MutexLock lock(&mutex_);
  return applied_;
}

int64_t FollowerState::head() const {
  absl::MutexLock lock(&mutex_);
  return head_;
}

}  // namespace clustr::streaming
