#ifndef CLUSTR_SERVICES_BUNDLES_STATE_PUBLISHED_STATES_H_
#define CLUSTR_SERVICES_BUNDLES_STATE_PUBLISHED_STATES_H_

#include <cstddef>
#include <deque>
#include <functional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/thread_pool.h"
#include "common/rpc/revision_gate.h"
#include "services/bundles/state/state.h"

namespace clustr::bundles {

// The states that may be answered from, and the calls that wait for one. Thread-safe.
class PublishedStates {
 public:
  // So many are kept for a comparison with a copy that follows the same streams.
  static constexpr size_t kMaxRecent = 64;

  // `pool` runs what waited and must outlive this. `on_first` is called with the first state, by
  // its publisher.
  PublishedStates(ThreadPool* pool, std::function<void()> on_first);

  // Answers come from `state` from now on. One caller at a time, in the order of the serials.
  void Publish(StatePtr state);

  // The states so far belong to a history that is no more: Find knows none of them.
  void ForgetRecent();

  // nullptr until a state is published; then never again.
  StatePtr newest() const;

  // The newest of the recent states at exactly these revisions, or nullptr.
  StatePtr Find(const rpc::Revisions& revisions) const;

  // Waits in this thread until the newest state covers `revisions`; false if `timeout` passes.
  bool AwaitCovering(const rpc::Revisions& revisions, absl::Duration timeout) const;

  // Calls `resume`, without holding a thread meanwhile: with OK once the newest state covers
  // `wanted`; 20 ms before `deadline`, and after 30 s at most, with UNAVAILABLE, reason STARTING,
  // if there is no state yet, or DEADLINE_EXCEEDED, reason NOT_YET_VISIBLE. At once, in this
  // thread, if nothing is to be waited for.
  void Await(const rpc::Revisions& wanted, absl::Time deadline,
             std::function<void(absl::Status)> resume);

  // Fails what waits and what would wait, with UNAVAILABLE, reason DRAINING.
  void Drain();

 private:
  bool Draining(const rpc::Revisions& wanted) const;

  const std::function<void()> on_first_;
  rpc::RevisionGate first_;  // Reaches kFirst with the first state.
  rpc::RevisionGate gate_;

  mutable absl::Mutex mutex_;
  std::deque<StatePtr> recent_ ABSL_GUARDED_BY(mutex_);  // Oldest first.
  StatePtr newest_ ABSL_GUARDED_BY(mutex_);
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_STATE_PUBLISHED_STATES_H_
