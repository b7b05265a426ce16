#ifndef CLUSTR_SERVICES_BUNDLES_STATE_PUBLISHED_STATES_H_
#define CLUSTR_SERVICES_BUNDLES_STATE_PUBLISHED_STATES_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/steady_condition.h"
#include "common/base/thread_pool.h"
#include "common/rpc/revision_gate.h"
#include "services/bundles/state/state.h"

namespace clustr::bundles {

// The states that calls are answered from, and the calls that wait for one. Thread-safe.
class PublishedStates {
 public:
  // Number of recent states kept for Find, so that a copy that follows the same streams can meet
  // one.
  static constexpr size_t kMaxRecent = 64;

  // `pool` resumes the calls that waited, each of which holds one of `parked`; both must outlive
  // this object. The publisher of the first state calls `on_first`.
  PublishedStates(ThreadPool* pool, CallSlots* parked, std::function<void()> on_first);

  // `unreachable` returns the names of the upstreams that cannot be reached now. Called under a
  // lock, until this is called again. Until then, all count as reachable.
  void SetUnreachable(std::function<std::vector<std::string>()> unreachable);

  // Makes `state` the newest one. Must be called by one thread at a time, in the order of the
  // serials.
  void Publish(StatePtr state);

  // Makes Find forget all states so far, because sales or catalog started another history.
  void ForgetRecent();

  // The state to answer from; nullptr only until the first one is published.
  StatePtr newest() const;

  // The newest of the recent states at exactly these revisions, or nullptr.
  StatePtr Find(const rpc::Revisions& revisions) const;

  // Blocks until the newest state covers `revisions`; false if `timeout` passes first.
  bool AwaitCovering(const rpc::Revisions& revisions, absl::Duration timeout) const;

  // Calls `resume` with OK once the newest state covers `wanted`: at once and in this thread if it
  // does already, otherwise on the pool. Does not hold a thread while it waits. Fails as
  // RevisionGate::Wait does, but with UNAVAILABLE, reason STARTING, if no state was published and
  // the time is over or, at once, an upstream cannot be reached. `origin` as for
  // RevisionGate::Wait.
  void Await(const rpc::Revisions& wanted, const Caller& caller,
             absl::FunctionRef<CallOrigin()> origin, rpc::RevisionGate::Resume resume);

  // Fails calls that wait, now or later, with UNAVAILABLE, reason DRAINING. Calls that need not
  // wait are still answered.
  void Drain();

 private:
  bool Draining(const rpc::Revisions& wanted) const;
  // STARTING if an upstream cannot be reached, otherwise OK.
  absl::Status UpstreamsReachable() const;

  const std::function<void()> on_first_;
  rpc::RevisionGate first_;  // Reaches kFirst with the first state.
  rpc::RevisionGate gate_;

  mutable absl::Mutex mutex_;
  mutable SteadyCondition changed_;                      // newest_ has changed.
  std::deque<StatePtr> recent_ ABSL_GUARDED_BY(mutex_);  // Oldest first.
  StatePtr newest_ ABSL_GUARDED_BY(mutex_);
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  std::function<std::vector<std::string>()> unreachable_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_STATE_PUBLISHED_STATES_H_
