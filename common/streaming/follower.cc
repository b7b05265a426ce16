#include "common/streaming/follower.h"

#include "absl/strings/str_cat.h"

namespace clustr::streaming {
namespace {

// The status that the upstream ended a stream with, as text for an operator. Empty if the upstream
// said nothing: it is down, is stopping, or hangs and the connection was given up.
std::string EndedWith(const absl::Status& ended) {
  if (absl::IsUnavailable(ended) || absl::IsCancelled(ended)) return "";
  return ended.ok() ? "OK"
                    : absl::StrCat(absl::StatusCodeToString(ended.code()), ": ", ended.message());
}

}  // namespace

FollowerState::FollowerState(std::string name, std::string address)
    : name_(std::move(name)), address_(std::move(address)), behind_since_(SteadyNow()) {}

bool FollowerState::Advance(int64_t applied, int64_t head) {
  absl::MutexLock lock(&mutex_);
  const bool is_news = fresh_ || applied > applied_;
  fresh_ = false;
  connected_ = true;
  unreachable_ = false;
  applied_ = applied;
  head_ = head;
  if (applied == head) {
    behind_since_ = SteadyNow();
    refusal_.clear();
  }
  return is_news;
}

void FollowerState::Refuse(const std::string& why) {
  absl::MutexLock lock(&mutex_);
  refusal_ = why;
  ++refused_count_;
}

void FollowerState::Disconnect(const absl::Status& ended) {
  absl::MutexLock lock(&mutex_);
  ended_with_ = EndedWith(ended);
  if (connected_) behind_since_ = SteadyNow();
  unreachable_ = !connected_;
  connected_ = false;
}

void FollowerState::StartOver() {
  absl::MutexLock lock(&mutex_);
  lost_ = std::max(lost_, applied_);
  applied_ = 0;
  fresh_ = true;
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
  status.set_refused_count(refused_count_);
  if (!refusal_.empty()) {
    status.set_refusal(refusal_);
  } else if (!connected_) {
    status.set_ended_with(ended_with_);
  }
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
