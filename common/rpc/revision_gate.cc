#include "common/rpc/revision_gate.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/errors.h"

namespace clustr::rpc {
namespace {

// Left of a deadline for the answer to arrive.
constexpr absl::Duration kReserve = absl::Milliseconds(20);
constexpr absl::Duration kLongestWait = absl::Seconds(30);

absl::Status NotYetVisible(const Revisions& wanted, const Revisions& reached) {
  return MakeError(
      common::v1::ERROR_REASON_NOT_YET_VISIBLE,
      absl::StrCat("sales revision ", wanted.sales, " and catalog revision ", wanted.catalog,
                   " are not both visible yet, only ", reached.sales, " and ", reached.catalog,
                   "; allow a longer deadline, or check that these revisions exist"));
}

}  // namespace

RevisionGate::RevisionGate(ThreadPool* pool) : pool_(pool), timer_([this] { ReleaseLate(); }) {}

RevisionGate::~RevisionGate() {
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
    look_now_ = true;
  }
  timer_.join();
  Fail(MakeError(common::v1::ERROR_REASON_DRAINING, "the server is stopping; try again"));
}

void RevisionGate::Resume(std::list<Parked> calls, const absl::Status& status) {
  for (Parked& call : calls) {
    pool_->Run([resume = std::move(call.resume), status] { resume(status); });
  }
}

void RevisionGate::ReleaseLate() {
  absl::MutexLock lock(&mutex_);
  while (!ending_) {
    mutex_.AwaitWithDeadline(absl::Condition(&look_now_), next_);
    look_now_ = false;
    next_ = absl::InfiniteFuture();
    const absl::Time now = absl::Now();
    for (auto call = parked_.begin(); call != parked_.end();) {
      const auto following = std::next(call);
      if (call->until <= now) {
        const absl::Status status = NotYetVisible(call->wanted, reached_);
        std::list<Parked> late;
        late.splice(late.begin(), parked_, call);
        Resume(std::move(late), status);
      } else {
        next_ = std::min(next_, call->until);
      }
      call = following;
    }
  }
}

void RevisionGate::Wait(const Revisions& wanted, absl::Time deadline,
                        std::function<void(absl::Status)> resume) {
  {
    absl::MutexLock lock(&mutex_);
    if (!reached_.Covers(wanted)) {
      const absl::Time until = std::min(deadline - kReserve, absl::Now() + kLongestWait);
      parked_.push_back({wanted, until, std::move(resume)});
      look_now_ = look_now_ || until < next_;
      return;
    }
  }
  resume(absl::OkStatus());
}

void RevisionGate::Reach(const Revisions& reached) {
  std::list<Parked> ready;
  {
    absl::MutexLock lock(&mutex_);
    reached_ = reached;
    for (auto call = parked_.begin(); call != parked_.end();) {
      const auto following = std::next(call);
      if (reached_.Covers(call->wanted)) ready.splice(ready.end(), parked_, call);
      call = following;
    }
  }
  Resume(std::move(ready), absl::OkStatus());
}

void RevisionGate::Fail(const absl::Status& status) {
  std::list<Parked> failed;
  {
    absl::MutexLock lock(&mutex_);
    failed.swap(parked_);
    reached_ = {};
  }
  Resume(std::move(failed), status);
}

}  // namespace clustr::rpc
