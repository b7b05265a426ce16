#include "services/bundles/state/published_states.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/errors.h"

namespace clustr::bundles {
namespace {

constexpr rpc::Revisions kFirst = {1, 1};  // What first_ reaches with the first state.

absl::Status Starting(const absl::Status& why) {
  if (ReasonOf(why) != common::v1::ERROR_REASON_NOT_YET_VISIBLE) return why;
  return MakeError(common::v1::ERROR_REASON_STARTING,
                   "this server is still reading the contents of sales and catalog; try "
                   "again later, or call GetStatus to see its progress");
}

absl::Status NotConnected(const std::vector<std::string>& names) {
  return MakeError(common::v1::ERROR_REASON_STARTING,
                   absl::StrCat("this server has not read the contents of sales and catalog yet, "
                                "and it cannot reach ",
                                absl::StrJoin(names, " and "),
                                "; try again once it runs, GetStatus names its address"),
                   {{"unreachable", absl::StrJoin(names, ",")}});
}

}  // namespace

PublishedStates::PublishedStates(ThreadPool* pool, CallSlots* parked,
                                 std::function<void()> on_first)
    : on_first_(std::move(on_first)), first_(pool, parked), gate_(pool, parked) {}

void PublishedStates::SetUnreachable(std::function<std::vector<std::string>()> unreachable) {
  absl::MutexLock lock(&mutex_);
  unreachable_ = std::move(unreachable);
}

absl::Status PublishedStates::UpstreamsReachable() const {
  absl::MutexLock lock(&mutex_);
  if (unreachable_ == nullptr) return absl::OkStatus();
  const std::vector<std::string> names = unreachable_();
  return names.empty() ? absl::OkStatus() : NotConnected(names);
}

void PublishedStates::Publish(StatePtr state) {
  const rpc::Revisions revisions = state->revisions;
  StatePtr dropped;  // Destroyed after the lock is released.
  bool is_first = false;
  {
    absl::MutexLock lock(&mutex_);
    is_first = newest_ == nullptr;
    newest_ = std::move(state);
    changed_.NotifyAll();
    recent_.push_back(newest_);
    if (recent_.size() > kMaxRecent) {
      dropped = std::move(recent_.front());
      recent_.pop_front();
    }
  }
  gate_.Reach(revisions);
  if (!is_first) return;
  first_.Reach(kFirst);
  on_first_();
}

void PublishedStates::ForgetRecent() {
  std::deque<StatePtr> dropped;
  absl::MutexLock lock(&mutex_);
  dropped.swap(recent_);
}

StatePtr PublishedStates::newest() const {
  absl::MutexLock lock(&mutex_);
  return newest_;
}

StatePtr PublishedStates::Find(const rpc::Revisions& revisions) const {
  absl::MutexLock lock(&mutex_);
  const auto found = std::find_if(recent_.rbegin(), recent_.rend(), [&](const StatePtr& state) {
    return state->revisions.sales == revisions.sales &&
           state->revisions.catalog == revisions.catalog;
  });
  return found == recent_.rend() ? nullptr : *found;
}

bool PublishedStates::AwaitCovering(const rpc::Revisions& revisions, absl::Duration timeout) const {
  const auto covers = [this, &revisions]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    return newest_ != nullptr && newest_->revisions.Covers(revisions);
  };
  absl::MutexLock lock(&mutex_);
  return changed_.WaitUntil(&mutex_, Deadline::In(timeout), covers);
}

void PublishedStates::Await(const rpc::Revisions& wanted, const Caller& caller,
                            absl::FunctionRef<CallOrigin()> origin,
                            rpc::RevisionGate::Resume resume) {
  if (Draining(wanted)) return resume(DrainingError());
  if (newest() != nullptr) return gate_.Wait(wanted, caller, origin, std::move(resume));
  if (const absl::Status reachable = UpstreamsReachable(); !reachable.ok()) {
    return resume(reachable);
  }
  first_.Wait(kFirst, caller, origin,
              [this, wanted, caller, from = origin(),
               resume = std::move(resume)](const absl::Status& first) {
                if (!first.ok()) return resume(Starting(first));
                gate_.Wait(
                    wanted, caller, [&from] { return from; }, resume);
              });
}

bool PublishedStates::Draining(const rpc::Revisions& wanted) const {
  absl::MutexLock lock(&mutex_);
  return draining_ && (newest_ == nullptr || !newest_->revisions.Covers(wanted));
}

void PublishedStates::Drain() {
  rpc::Revisions reached;
  bool any = false;
  {
    absl::MutexLock lock(&mutex_);
    draining_ = true;
    if (newest_ != nullptr) {
      reached = newest_->revisions;
      any = true;
    }
  }
  gate_.Fail(DrainingError());
  first_.Fail(DrainingError());
  // The published state can still be read.
  if (!any) return;
  gate_.Reach(reached);
  first_.Reach(kFirst);
}

}  // namespace clustr::bundles
