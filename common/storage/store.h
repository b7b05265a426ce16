#ifndef CLUSTR_COMMON_STORAGE_STORE_H_
#define CLUSTR_COMMON_STORAGE_STORE_H_

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "common/base/histogram.h"
#include "common/base/steady_time.h"
#include "common/base/thread_pool.h"
#include "common/storage/database.h"
#include "common/storage/system/histories.h"
#include "common/storage/system/tables.h"
#include "common/storage/write_context.h"
#include "google/protobuf/descriptor.h"

namespace clustr::storage {

// One write call. `work` runs on the writer thread, inside a savepoint that is rolled back unless
// it returns OK; failures of the database may be thrown. `done` runs exactly once, on the pool:
// with OK after the call's commit group is durable, otherwise with the error of `work` or of the
// commit.
struct WriteJob {
  std::function<absl::Status(WriteContext&)> work;
  std::function<void(absl::Status)> done;
  // If true, the call is rolled back even if it succeeds: it checks everything and changes nothing.
  bool validate_only = false;
  // A batch of an import, which takes long. Calls that are not in bulk do not queue behind it.
  bool bulk = false;
  // If set, `done` waits until what the call deleted is in no file of the database any more, also
  // not in the -wal file, and is told so before by a call with true; or with false if somebody read
  // an older state for kPurgePatience, or the disk failed. Not called if the call fails.
  std::function<void(bool purged)> purged = {};
  // Set if `work` looks up, and if there is none remembers, the answer to a request with a key of
  // this hash; see RetryKey. Then a group may look up the answers of all its calls at once.
  std::optional<int64_t> request_hash = {};
  // If true, the call restores a backup; see Store::Restore.
  bool restores = false;
};

// How long a write waits for readers of an older state; see WriteJob::purged.
inline constexpr absl::Duration kPurgePatience = absl::Seconds(10);

// What the writer thread of a store has measured since its start.
struct WriteMeasures {
  Histogram commit_seconds{SecondsBounds()};  // From the begin to the end of each transaction.
  // The last step of it, in which the disk confirms what was written.
  Histogram sync_seconds{SecondsBounds()};
  Histogram group_calls{CountBounds()};  // Calls that were committed together.
};

// A database with one writer thread, revisions, identifiers that are never reused, and histories.
// Several stores, each in a server of its own, may share a database of PostgreSQL: they write in
// turns, and each notices what the others commit, within milliseconds as a rule.
// Concurrent writes are committed together, with one fsync per group of up to 512 calls. Groups of
// single calls and groups of batches of imports take turns while both wait, so that a call waits
// for one batch at most, however many imports there are. Thread-safe.
class Store {
 public:
  // Opens the database, makes or upgrades the tables of `models` and of `settings`, or checks them
  // if it says so, and begins a new history, or goes on with the newest one if other stores use the
  // database. `pool` runs WriteJob::done; it is borrowed and must outlive the store. Fails as
  // Database::Open, MakeTables and CheckTables do; the messages are meant for an operator.
  static absl::StatusOr<std::unique_ptr<Store>> Open(
      absl::string_view url, const std::vector<const google::protobuf::Descriptor*>& models,
      int read_sessions, ThreadPool* pool, const TableSettings& settings = {});
  // Commits the submitted calls, then joins the writer thread.
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Queues a write call, behind those that are as much in bulk as it is. The queue is unbounded;
  // never blocks.
  void Submit(WriteJob job);

  // See Database::Read.
  absl::Status Read(absl::FunctionRef<absl::Status(Session&)> read, const Caller& caller = {}) {
    return database_->Read(read, caller);
  }

  // Newest committed revision that this store knows of; 0 in an empty store. A read that begins
  // later sees it, and may see newer ones if the database is shared.
  int64_t head_revision() const { return head_revision_.load(std::memory_order_acquire); }

  // True if other servers may write to the database.
  bool shared() const { return database_->peers() != nullptr; }

  // Number of committed rows of a table, as of head_revision. O(1).
  int64_t RowCount(const std::string& table) const;

  // Id of the history that this store continues. It changes when the connection to a shared
  // database was lost and no other server was there to continue the history.
  std::string store_id() const {
    absl::MutexLock lock(&mutex_);
    return store_id_;
  }

  // True if a stream may resume after `after_revision`: this database recorded the history
  // `store_id` and that history reached the revision. With an empty `store_id`, only checks that
  // the revision is not beyond the head. O(number of histories).
  bool CanResume(const std::string& store_id, int64_t after_revision) const;

  // See Histories::BranchOf.
  std::optional<Histories::History> BranchOf(const std::vector<SeenHistory>& seen) const;

  // Begins a backup of the newest committed state. `server_version` is for its header.
  absl::StatusOr<std::unique_ptr<Snapshot>> OpenSnapshot(const std::string& server_version);

  // Restores a backup as one write. `next` is called on the writer thread for one content after the
  // other, which it may wait for while all other writes wait; each must have passed BackupCheck.
  // The last is the end of the backup, and an error of it ends the restore. `done` as in WriteJob.
  // The errors are those of `next` and of RestoreWriter; then nothing has changed. The history that
  // began when this store was opened goes on, now behind those of the backup.
  void Restore(std::function<absl::StatusOr<ops::v1::BackupContent>()> next,
               std::function<void(absl::Status)> done);

  // Sets a function that is called after each restore, also if another server made it, before this
  // store carries out other writes; at once if there was a restore since the store was opened. It
  // is never called twice at a time, must be quick and must not wait for a write. An empty one is
  // not called; it returns when no call of the one before is under way.
  void OnRestore(std::function<void()> listener);

  // Sets a function that is called on the writer thread when this store has accepted the begin of a
  // backup to restore, and again when that has ended, in whatever way. It must be quick and must
  // not wait for a write. Call this once.
  void OnRestoring(std::function<void(bool restoring)> listener) {
    absl::MutexLock lock(&mutex_);
    on_restoring_ = std::move(listener);
  }

  // Adds a function that is called after each commit that took a revision, also if another server
  // made it, with rising revisions and never twice at a time. It must be quick and must not call
  // Submit. Call this before the first Submit. Returns a number for StopTelling.
  int64_t OnCommit(std::function<void(int64_t head)> listener) {
    absl::MutexLock lock(&publish_mutex_);
    on_commit_.emplace_back(++last_listener_, std::move(listener));
    return last_listener_;
  }
  // The function with this number is not called any more once this has returned. Waits for a call
  // of it that is going on.
  void StopTelling(int64_t listener) {
    absl::MutexLock lock(&publish_mutex_);
    on_commit_.remove_if([listener](const auto& each) { return each.first == listener; });
  }

  // Number of groups of batches of imports that this store has committed: while it rises, an import
  // is going on here.
  int64_t bulk_commits() const { return bulk_commits_.load(std::memory_order_relaxed); }

  // Sets what to call, once, when damage to the database file is found; see Damage::OnFound. From
  // then on, every write is refused with DATA_LOSS, reason DATABASE_DAMAGED, and so is a read that
  // meets a damaged page; other reads go on.
  void OnDamage(std::function<void()> listener) {
    database_->damage().OnFound(std::move(listener));
  }

  // Number of calls that wait for the writer.
  size_t waiting() const;

  const WriteMeasures& measures() const { return measures_; }

  // See Database::damaged_rows.
  int64_t damaged_rows() const { return database_->damaged_rows(); }

  // A sentence for an operator, with the remedy, about each thing that is wrong with the database
  // and does not yet stop the server. Empty if all is well.
  std::vector<std::string> Problems() const;

 private:
  explicit Store(ThreadPool* pool) : pool_(pool) {}
  absl::Status Load(const std::vector<const google::protobuf::Descriptor*>& models,
                    const TableSettings& settings);
  // The same within the transaction of an upgrade.
  absl::Status LoadTables(Session& session, const TableSettings& settings);
  // Begins a new history behind `stored`, or if not `alone` goes on with the newest one. Within the
  // transaction of an upgrade.
  void EnterHistory(Session& session, bool alone, const StoredCounters& stored);
  // Makes what was committed known, unless something newer is known.
  void Publish(int64_t head, const Counters& counters);
  // Reads the counters that other servers may have changed, and makes them known. DATA_LOSS if
  // something is gone that was committed before.
  absl::StatusOr<StoredCounters> ReadPeers(Session& session);
  // At the begin of a group, if the database is shared: takes over the counters, and looks ahead
  // for the calls of the group.
  absl::Status TakeTurn(const std::vector<WriteJob>& group);
  // The thread that notices what other servers commit.
  void WatchPeers();
  void Write();
  // Empties the -wal file if something was written to it and it is older than kWalAge. Used on the
  // writer thread.
  void EmptyOldWal();
  // The next calls to write, all from one queue. One of the queues must not be empty.
  std::vector<WriteJob> TakeGroup() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Those that do not fit into the group are put back.
  // Tries to purge the files for the calls that wait for it, and ends those that have waited long
  // enough, or all if this is the `last` time.
  void Purge(bool last);
  void SetRestoring(bool restoring);
  // Takes over the histories that the newest of `restores` restores has written, unless that is
  // done already, and tells the listener.
  void NoticeRestore(Session& session, int64_t restores);
  // Runs the `done` of a call, or keeps it until the files are purged.
  void End(WriteJob job, absl::Status result);
  void WriteGroup(std::vector<WriteJob> group);
  std::deque<WriteJob>& QueueOf(const WriteJob& job) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return job.bulk ? bulk_jobs_ : jobs_;
  }
  bool AnyWaiting() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return !jobs_.empty() || !bulk_jobs_.empty();
  }
  // Commits the group, whose newest revision is `head`, and which has remembered at most
  // `new_answers` answers. UNAVAILABLE with reason OUTCOME_UNKNOWN if the disk, or the server of
  // the database, did not confirm it.
  absl::Status Commit(int64_t head, const Counters& counters, int64_t new_answers);
  void RememberOutcome(const absl::Status& committed);
  absl::Status RunJob(WriteJob& job, int64_t head, Counters* counters, int64_t* new_head,
                      bool* group_lost);

  bool ending() const {
    absl::MutexLock lock(&mutex_);
    return ending_;
  }

  ThreadPool* const pool_;
  WriteMeasures measures_;
  std::vector<const google::protobuf::Descriptor*> models_;
  std::unique_ptr<Database> database_;
  absl::Mutex restore_mutex_;  // Before mutex_.
  std::function<void()> on_restore_ ABSL_GUARDED_BY(restore_mutex_);
  int64_t restores_ ABSL_GUARDED_BY(restore_mutex_) = 0;         // Those that were noticed.
  bool untold_restore_ ABSL_GUARDED_BY(restore_mutex_) = false;  // There was no listener.
  int64_t new_restores_ = 0;   // Restores after the last one of this store. For the writer thread.
  absl::Mutex publish_mutex_;  // Before mutex_.
  std::list<std::pair<int64_t, std::function<void(int64_t)>>> on_commit_
      ABSL_GUARDED_BY(publish_mutex_);  // By their numbers.
  int64_t last_listener_ ABSL_GUARDED_BY(publish_mutex_) = 0;
  std::atomic<int64_t> bulk_commits_{0};
  std::atomic<int64_t> head_revision_{0};  // Changed under publish_mutex_.
  Counters counters_;                      // Owned by the writer thread once it runs.

  // A call that was committed and waits for a purge.
  struct PurgingJob {
    WriteJob job;
    SteadyTime since;
  };

  // Owned by the writer thread.
  std::vector<PurgingJob> purging_;
  Deadline next_purge_{SteadyTime::min()};
  bool wal_used_ = false;
  SteadyTime wal_emptied_ = SteadyTime::min();

  mutable absl::Mutex mutex_;
  std::string store_id_ ABSL_GUARDED_BY(mutex_);
  Histories histories_ ABSL_GUARDED_BY(mutex_);
  bool restoring_ ABSL_GUARDED_BY(mutex_) = false;
  std::function<void(bool restoring)> on_restoring_ ABSL_GUARDED_BY(mutex_);
  Counters committed_counters_ ABSL_GUARDED_BY(mutex_);
  std::deque<WriteJob> jobs_ ABSL_GUARDED_BY(mutex_);       // Single calls.
  std::deque<WriteJob> bulk_jobs_ ABSL_GUARDED_BY(mutex_);  // Batches of imports.
  bool last_was_bulk_ ABSL_GUARDED_BY(mutex_) = false;      // Which queue the last group came from.
  std::string write_problem_ ABSL_GUARDED_BY(mutex_);  // Empty if the last group was committed.
  // Start of the group that is being written; unset between groups.
  std::optional<std::chrono::steady_clock::time_point> writing_since_ ABSL_GUARDED_BY(mutex_);
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread writer_;
  std::thread peer_watch_;  // Only if the database is shared.
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_STORE_H_
