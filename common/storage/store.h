#ifndef CLUSTR_COMMON_STORAGE_STORE_H_
#define CLUSTR_COMMON_STORAGE_STORE_H_

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/caller.h"
#include "common/base/thread_pool.h"
#include "common/storage/database.h"
#include "google/protobuf/descriptor.h"

namespace clustr::storage {

// Numbers that are kept beside the rows of a table.
struct TableCounters {
  int64_t last_id = 0;  // Greatest identifier that it ever had.
  int64_t rows = 0;

  bool operator==(const TableCounters&) const = default;
};
using Counters = absl::flat_hash_map<std::string, TableCounters>;  // By table.

// What one write call sees: its own savepoint, its revision, the identifiers it may take.
class WriteContext {
 public:
  Session& session() { return *session_; }

  // The revision of this call, taken from the store at the first use: a call that changes nothing
  // takes none. Greater than every revision before it.
  int64_t Revision();
  // Revision taken so far; 0 if none.
  int64_t taken_revision() const { return revision_; }
  // Newest revision, this call's included.
  int64_t head_revision() const { return revision_ > 0 ? revision_ : head_; }

  // A new identifier of a table: one more than any it ever had.
  int64_t NextId(const std::string& table);
  // Tells that a table has, or had, this identifier.
  void RaiseId(const std::string& table, int64_t id);
  // Greatest identifier that a table ever had; 0 if none.
  int64_t LastId(const std::string& table) const;

  // Tells that a table has this many rows more, or fewer.
  void AddRows(const std::string& table, int64_t rows);

 private:
  friend class Store;
  WriteContext(Session* session, int64_t head, Counters counters)
      : session_(session), head_(head), counters_(std::move(counters)) {}

  Session* const session_;
  const int64_t head_;
  int64_t revision_ = 0;
  Counters counters_;
};

// One write call. `work` runs on the writer thread, inside a savepoint that is rolled back unless
// it returns OK. `done` runs on the pool after the group is durable, or with what went wrong.
struct WriteJob {
  std::function<absl::Status(WriteContext&)> work;
  std::function<void(absl::Status)> done;
  // Rolled back in any case: checks everything, changes nothing.
  bool validate_only = false;
};

// A database with one writer thread, revisions, identifiers that are never reused, and histories.
// Concurrent writes are committed together: one fsync a group. Thread-safe.
class Store {
 public:
  // Opens the database, brings the tables of `models` to their present form and begins a new
  // history. `pool` runs what waits for a commit and must outlive the store. Errors are for an
  // operator.
  static absl::StatusOr<std::unique_ptr<Store>> Open(
      absl::string_view url, const std::vector<const google::protobuf::Descriptor*>& models,
      int read_sessions, ThreadPool* pool);
  // Commits what was submitted, then ends.
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  void Submit(WriteJob job);

  // See Database::Read.
  absl::Status Read(absl::FunctionRef<absl::Status(Session&)> read, const Caller& caller = {}) {
    return database_->Read(read, caller);
  }

  // Newest committed revision; 0 in an empty store. A read that begins afterwards sees it.
  int64_t head_revision() const { return head_revision_.load(std::memory_order_acquire); }

  // Committed rows of a table.
  int64_t RowCount(const std::string& table) const;

  // Names the history that began with this start.
  const std::string& store_id() const { return store_id_; }

  // True if this database recorded the history `store_id` and it reached `after_revision`: a stream
  // may go on from there. An empty id is not checked, but for a revision beyond the head.
  bool CanResume(const std::string& store_id, int64_t after_revision) const;

  // Called on the writer thread after each commit that took a revision; must be quick and must not
  // submit. Set before the first Submit.
  void OnCommit(std::function<void(int64_t head)> listener) { on_commit_ = std::move(listener); }

  // Calls that wait for the writer.
  size_t waiting() const;

 private:
  struct History {
    std::string store_id;
    int64_t first_revision;
  };

  explicit Store(ThreadPool* pool) : pool_(pool) {}
  absl::Status Load(const std::vector<const google::protobuf::Descriptor*>& models);
  void LoadCounter(absl::string_view name, int64_t value);
  void Write();
  void WriteGroup(std::vector<WriteJob> group);
  absl::Status RunJob(WriteJob& job, int64_t head, Counters* counters, int64_t* new_head,
                      bool* group_lost);
  void SaveCounters(int64_t head, const Counters& counters);

  ThreadPool* const pool_;
  std::unique_ptr<Database> database_;
  std::string store_id_;
  std::vector<History> histories_;  // Oldest first.
  std::function<void(int64_t)> on_commit_;
  std::atomic<int64_t> head_revision_{0};
  Counters counters_;  // The writer thread's, once it runs.

  mutable absl::Mutex mutex_;
  Counters committed_counters_ ABSL_GUARDED_BY(mutex_);
  std::deque<WriteJob> jobs_ ABSL_GUARDED_BY(mutex_);
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread writer_;
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_STORE_H_
