#ifndef CLUSTR_SERVICES_SALES_SUMS_SUMS_FOLLOWER_H_
#define CLUSTR_SERVICES_SALES_SUMS_SUMS_FOLLOWER_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/caller.h"
#include "common/base/steady_condition.h"
#include "common/base/steady_time.h"
#include "common/storage/changes.h"
#include "common/storage/store.h"
#include "services/sales/catalog/catalog_replica.h"
#include "services/sales/sums/sales_sums.h"

namespace clustr::sales {

// Keeps SalesSums equal to what the database holds. A thread counts all purchases at the start, and
// then what each commit changed, whichever server made it. While an import is going on and nobody
// asks, it waits for the end, so that each purchase is read once. A question brings the sums to the
// newest revision of the database first, so that its answer is never older than that of a scan.
// Thread-safe.
class SumsFollower {
 public:
  // Starts to count. Borrows everything. The sums are given up once they take more than
  // `max_bytes`.
  SumsFollower(storage::Store* store, const CatalogReplica* replica,
               const storage::Table* transactions, int64_t max_bytes);
  // Joins the thread. No question may be under way.
  ~SumsFollower();
  SumsFollower(const SumsFollower&) = delete;
  SumsFollower& operator=(const SumsFollower&) = delete;

  // The state that an answer is from.
  struct State {
    int64_t revision = 0;
    int64_t catalog_revision = 0;
  };
  using Answer = absl::FunctionRef<void(const SalesSums& sums, const State& state)>;

  // Calls `answer`, which must be quick, with sums that hold every change that was committed before
  // this call. Returns false, without having called it, if the sums are still being counted, or
  // were given up: then only a scan can tell. The errors of the database, and those of
  // Caller::Waits. Blocks, as a rule for less than a millisecond.
  absl::StatusOr<bool> Ask(const Caller& caller, Answer answer);

  // Like Ask, for one who compares the sums with the database: calls `answer` with sums that hold
  // exactly one state of it, and then `read` with a session that reads this state, while the sums
  // may go on. `read` may take long.
  absl::StatusOr<bool> AskAndRead(const Caller& caller, Answer answer,
                                  absl::FunctionRef<absl::Status(storage::Session&)> read);

  // Counts everything anew: the rows are now those of a backup. Does not wait for the database.
  void StartOver();

  // True while the sums are counted after a start.
  bool counting() const {
    absl::ReaderMutexLock lock(&mutex_);
    return stage_ == Stage::kCounting;
  }

  // A sentence for an operator if the sums were given up; "" otherwise.
  std::string Problem() const;

  // What metrics tell.
  struct Measures {
    bool ready = false;
    int64_t lines = 0;
    int64_t bytes = 0;
  };
  Measures measures() const;

 private:
  enum class Stage { kCounting, kReady, kGivenUp };

  void Run();
  // One step of what the thread does.
  absl::Status Step();
  // Counts the next purchases of the first count.
  absl::Status CountMore(storage::Session& session);
  // Waits until there is something to count, and it is time to; false at the end.
  bool AwaitWork();
  bool Pause(absl::Duration duration);
  // Counts what has changed, up to the newest revision that the session reads. Whoever calls these
  // has the turn.
  absl::Status Follow(storage::Session& session, const Caller& caller);
  // Up to 2,000 of these changes.
  absl::Status FollowSome(storage::Session& session, int64_t head);
  // Calls `answer` if the sums hold `revision`.
  bool Try(int64_t revision, Answer answer);
  bool Current(int64_t revision) const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stage_ == Stage::kReady && exact_ && revision_ >= revision;
  }
  bool Ready() const {
    absl::ReaderMutexLock lock(&mutex_);
    return stage_ == Stage::kReady;
  }
  // Takes over what changed in catalog, and returns its revision.
  int64_t TakeAttributes() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Ends a series of changes to the sums.
  void Settle() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void GiveUp(std::string problem) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Whoever changes the sums has the turn.
  absl::Status TakeTurn(const Caller& caller);
  void EndTurn();

  storage::Store& store_;
  const CatalogReplica& replica_;
  const storage::ChangeScan scan_;
  const int64_t max_bytes_;
  int64_t listener_ = 0;      // The number of its listener in the store.
  int64_t bulk_commits_ = 0;  // Of the store, when the thread looked last.

  absl::Mutex turn_mutex_;
  SteadyCondition turn_changed_;
  bool turn_taken_ ABSL_GUARDED_BY(turn_mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(turn_mutex_) = false;
  int64_t head_ ABSL_GUARDED_BY(turn_mutex_) = 0;  // The newest revision that the store reported.
  SteadyTime asked_ ABSL_GUARDED_BY(turn_mutex_) = SteadyTime::min();

  // Readers hold it while they answer; who has the turn holds it alone while it changes the sums.
  mutable absl::Mutex mutex_;
  SalesSums sums_ ABSL_GUARDED_BY(mutex_);
  Stage stage_ ABSL_GUARDED_BY(mutex_) = Stage::kCounting;
  bool exact_ ABSL_GUARDED_BY(mutex_) = false;  // The sums hold exactly `revision_`.
  int64_t revision_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t starts_ ABSL_GUARDED_BY(mutex_) = 0;  // How often StartOver was called.
  std::string problem_ ABSL_GUARDED_BY(mutex_);
  storage::ChangePlace place_ ABSL_GUARDED_BY(mutex_);  // Every change up to here was counted.
  // Of the first count: the purchases up to this id were counted. -1: none yet.
  int64_t counted_to_ ABSL_GUARDED_BY(mutex_) = -1;

  std::thread thread_;
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_SUMS_SUMS_FOLLOWER_H_
