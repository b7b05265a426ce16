#include "common/rpc/revision_gate.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/errors.h"
#include "common/rpc/arrival.h"

namespace clustr::rpc {
namespace {

constexpr absl::Duration kLongestWait = absl::Seconds(30);
// How often the timer looks for calls that were cancelled.
constexpr absl::Duration kLook = absl::Milliseconds(100);

absl::Status NotYetVisible(const Revisions& wanted, const Revisions& reached) {
  struct Part {
    const char* service;
    int64_t wanted;
    int64_t reached;
  };
  std::vector<std::string> missing;
  ErrorMetadata metadata;
  for (const Part& part : {Part{"sales", wanted.sales, reached.sales},
                           Part{"catalog", wanted.catalog, reached.catalog}}) {
    const std::string name = absl::StrCat(part.service, "_revision");
    metadata.emplace_back(name, absl::StrCat(part.wanted));
    // A server need not know how far a service is that was not asked about.
    metadata.emplace_back(absl::StrCat("visible_", name),
                          absl::StrCat(part.wanted == 0 ? 0 : part.reached));
    if (part.wanted <= part.reached) continue;
    missing.push_back(absl::StrCat(part.service, " revision ", part.wanted,
                                   " is not visible yet, only ", part.reached));
  }
  return MakeError(common::v1::ERROR_REASON_NOT_YET_VISIBLE,
                   absl::StrCat(absl::StrJoin(missing, ", and "),
                                "; allow a longer deadline, or check that it exists"),
                   metadata);
}

Deadline WaitEnd(Deadline deadline) {
  return std::min(AnswerBy(deadline), Deadline::In(kLongestWait));
}

}  // namespace

RevisionGate::RevisionGate(ThreadPool* pool, CallSlots* slots)
    : pool_(pool), slots_(slots), timer_([this] { ReleaseLate(); }) {}

RevisionGate::~RevisionGate() {
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
    look_.NotifyAll();
  }
  timer_.join();
  Fail(DrainingError());
}

void RevisionGate::ResumeAll(std::list<Parked> calls, const absl::Status& status) {
  for (Parked& call : calls) {
    pool_->Run([resume = std::move(call.resume), status] { resume(status); });
  }
}

void RevisionGate::ReleaseLate() {
  absl::MutexLock lock(&mutex_);
  while (!ending_) {
    look_.WaitUntil(&mutex_, next_,
                    [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return look_now_ || ending_; });
    look_now_ = false;
    next_ = ReleaseNow();
  }
}

Deadline RevisionGate::ReleaseNow() {
  const Deadline now(SteadyNow());
  Deadline next;
  for (auto call = parked_.begin(); call != parked_.end();) {
    const auto following = std::next(call);
    const bool cancellable = call->caller.cancelled != nullptr;
    const bool cancelled = cancellable && call->caller.cancelled->load(std::memory_order_relaxed);
    if (cancelled || call->until <= now) {
      const absl::Status status =
          cancelled ? GoneError(true) : NotYetVisible(call->wanted, reached_);
      std::list<Parked> late;
      late.splice(late.begin(), parked_, call);
      ResumeAll(std::move(late), status);
    } else {
      next = std::min({next, call->until, cancellable ? now.Later(kLook) : Deadline()});
    }
    call = following;
  }
  return next;
}

bool RevisionGate::Reached(const Revisions& wanted) const {
  absl::MutexLock lock(&mutex_);
  return reached_.Covers(wanted);
}

void RevisionGate::Wait(const Revisions& wanted, const Caller& caller,
                        absl::FunctionRef<CallOrigin()> origin, Resume resume) {
  if (Reached(wanted)) return resume(absl::OkStatus());
  absl::StatusOr<CallSlots::Slot> slot = slots_->Take(origin());
  if (!slot.ok()) return resume(slot.status());
  {
    absl::MutexLock lock(&mutex_);
    if (!reached_.Covers(wanted)) {
      const Deadline until = WaitEnd(caller.deadline);
      parked_.push_back({wanted, until, caller, *std::move(slot), std::move(resume)});
      if (until < next_) {
        look_now_ = true;
        look_.NotifyAll();
      }
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
  ResumeAll(std::move(ready), absl::OkStatus());
}

void RevisionGate::Fail(const absl::Status& status) {
  std::list<Parked> failed;
  {
    absl::MutexLock lock(&mutex_);
    failed.swap(parked_);
    reached_ = {};
  }
  ResumeAll(std::move(failed), status);
}

}  // namespace clustr::rpc
