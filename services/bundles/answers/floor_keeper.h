#ifndef CLUSTR_SERVICES_BUNDLES_ANSWERS_FLOOR_KEEPER_H_
#define CLUSTR_SERVICES_BUNDLES_ANSWERS_FLOOR_KEEPER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/steady_condition.h"
#include "common/storage/store.h"
#include "services/bundles/answers/rule_answers.h"
#include "services/bundles/rules/floor.h"
#include "services/bundles/state/published_states.h"

namespace clustr::bundles {

// Keeps the floor across restarts: reads the one that was last written, and writes the floor of the
// newest state at most every 10 s and on shutdown, unless another server of the same database has
// written one that is as new. Mines on its own thread, for at most a twentieth of the time.
// Thread-safe.
class FloorKeeper {
 public:
  // The floor that was last written; nullptr if there is none.
  static absl::StatusOr<std::shared_ptr<const rules::Floor>> Read(storage::Store* store);

  // Borrows all arguments but `restored`, which is the result of Read. Calls `ready` whenever a
  // floor is available, possibly during construction.
  FloorKeeper(storage::Store* store, PublishedStates* states, RuleAnswers* answers,
              std::function<void()> ready, std::shared_ptr<const rules::Floor> restored);
  ~FloorKeeper() { Drain(); }
  FloorKeeper(const FloorKeeper&) = delete;
  FloorKeeper& operator=(const FloorKeeper&) = delete;

  // The floor that Read returned; nullptr if there was none.
  std::shared_ptr<const rules::Floor> restored() const { return restored_; }

  // Why the newest floor is not in the database, and the remedy; empty if it is.
  std::string problem() const;

  // Ends the thread and writes the floor of the newest state, unless it was already written or
  // takes more than half a second to mine.
  void Drain();

 private:
  bool Ending() const;
  void Keep();
  // Mines and writes the floor of the newest state, unless it was already written, or mining is
  // given up.
  void WriteNewest();
  absl::Status Write(const State& state, const rules::SkuRules& mined);

  storage::Store& store_;
  PublishedStates& states_;
  RuleAnswers& answers_;
  const std::function<void()> ready_;
  const std::shared_ptr<const rules::Floor> restored_;
  uint64_t written_serial_ = 0;  // Belongs to the thread.

  mutable absl::Mutex mutex_;
  SteadyCondition changed_;  // ending_ or ended_ has changed.
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;  // The thread is about to end.
  std::atomic<bool> give_up_{false};            // Ends mining.
  std::string problem_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_ANSWERS_FLOOR_KEEPER_H_
