#include "common/rpc/revision_gate.h"

#include <algorithm>
#include <atomic>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "grpcpp/alarm.h"

namespace clustr::rpc {
namespace {

constexpr absl::Duration kReserve = absl::Milliseconds(20);
constexpr absl::Duration kLongestWait = absl::Seconds(30);

absl::Status NotYetVisible(const Revisions& wanted, const Revisions& reached) {
  return MakeError(
      absl::StatusCode::kDeadlineExceeded, "NOT_YET_VISIBLE",
      absl::StrCat("sales revision ", wanted.sales, " and catalog revision ", wanted.catalog,
                   " are not both visible yet, but ", reached.sales, " and ", reached.catalog,
                   "; allow a longer deadline, or check that these revisions were ever given out"));
}

}  // namespace

// Shared by the gate and the alarm, whichever comes first releases it.
struct RevisionGate::Parked {
  Revisions wanted;
  std::function<void(absl::Status)> resume;
  std::atomic<bool> released{false};
  grpc::Alarm alarm;
};

RevisionGate::RevisionGate(ThreadPool* pool) : pool_(pool) {}

RevisionGate::~RevisionGate() {
  Fail(UnavailableError("DRAINING", "the server is stopping; try again", absl::Seconds(1)));
  const auto no_alarms = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return alarms_ == 0; };
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&no_alarms));
}

void RevisionGate::Release(const std::shared_ptr<Parked>& parked, const absl::Status& status) {
  if (parked->released.exchange(true)) return;
  pool_->Run([parked, status] {
    parked->alarm.Cancel();
    parked->resume(status);
  });
}

void RevisionGate::Wait(const Revisions& wanted, absl::Time deadline,
                        std::function<void(absl::Status)> resume) {
  std::shared_ptr<Parked> parked;
  {
    absl::MutexLock lock(&mutex_);
    if (!reached_.Covers(wanted)) {
      parked = std::make_shared<Parked>();
      parked->wanted = wanted;
      parked->resume = std::move(resume);
      parked_.push_back(parked);
      const absl::Time until = std::min(deadline - kReserve, absl::Now() + kLongestWait);
      ++alarms_;
      // Weak, because an alarm keeps its callback for as long as it lives itself.
      const std::weak_ptr<Parked> weak = parked;
      parked->alarm.Set(absl::ToChronoTime(until), [this, weak](bool fired) {
        absl::MutexLock alarm_lock(&mutex_);
        --alarms_;
        const std::shared_ptr<Parked> due = weak.lock();
        if (!fired || due == nullptr) return;
        parked_.remove(due);
        Release(due, NotYetVisible(due->wanted, reached_));
      });
      return;
    }
  }
  resume(absl::OkStatus());
}

void RevisionGate::Reach(const Revisions& reached) {
  std::vector<std::shared_ptr<Parked>> ready;
  {
    absl::MutexLock lock(&mutex_);
    reached_ = reached;
    for (auto it = parked_.begin(); it != parked_.end();) {
      if (reached_.Covers((*it)->wanted)) {
        ready.push_back(std::move(*it));
        it = parked_.erase(it);
      } else {
        ++it;
      }
    }
  }
  for (const auto& parked : ready) Release(parked, absl::OkStatus());
}

void RevisionGate::Fail(const absl::Status& status) {
  std::list<std::shared_ptr<Parked>> failed;
  {
    absl::MutexLock lock(&mutex_);
    failed.swap(parked_);
    reached_ = {};
  }
  for (const auto& parked : failed) Release(parked, status);
}

}  // namespace clustr::rpc
