#ifndef CLUSTR_SERVICES_BUNDLES_ANSWERS_FLOOR_KEEPER_H_
#define CLUSTR_SERVICES_BUNDLES_ANSWERS_FLOOR_KEEPER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/storage/store.h"
#include "services/bundles/answers/rule_answers.h"
#include "services/bundles/rules/floor.h"
#include "services/bundles/state/published_states.h"

namespace clustr::bundles {

// Keeps the floor over restarts: reads the one that was written last, and writes that of the newest
// state, at most every 10 s and at the end. Mines on a thread of its own, for at most a twentieth
// of the time. Thread-safe.
class FloorKeeper {
 public:
  // The floor that was written last; nullptr if none was.
  static absl::StatusOr<std::shared_ptr<const rules::Floor>> Read(storage::Store* store);

  // Borrows all but `restored`, which is what Read gave. Calls `ready` whenever a floor is there,
  // maybe at once.
  FloorKeeper(storage::Store* store, PublishedStates* states, RuleAnswers* answers,
              std::function<void()> ready, std::shared_ptr<const rules::Floor> restored);
  ~FloorKeeper() { Drain(); }
  FloorKeeper(const FloorKeeper&) = delete;
  FloorKeeper& operator=(const FloorKeeper&) = delete;

  // The floor as it was read; nullptr if there was none.
  std::shared_ptr<const rules::Floor> restored() const { return restored_; }

  // Why the newest floor is not in the database, with the remedy; empty if all is well.
  std::string problem() const;

  // Writes the floor of the newest state, unless it is written, and ends the thread.
  void Drain();

 private:
  bool Ending() const;
  void Keep();
  // Counts and writes the floor of the newest state, if that is not written yet.
  void WriteNewest();
  absl::Status Write(const State& state, const rules::SkuRules& floor);

  storage::Store& store_;
  PublishedStates& states_;
  RuleAnswers& answers_;
  const std::function<void()> ready_;
  const std::shared_ptr<const rules::Floor> restored_;
  uint64_t written_serial_ = 0;  // The thread's; Drain's once that has ended.

  mutable absl::Mutex mutex_;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::string problem_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_ANSWERS_FLOOR_KEEPER_H_
