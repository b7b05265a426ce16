#ifndef CLUSTR_COMMON_STORAGE_DATABASE_H_
#define CLUSTR_COMMON_STORAGE_DATABASE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/caller.h"
#include "common/storage/backup/snapshot.h"
#include "common/storage/file/damage.h"
#include "common/storage/peers.h"
#include "common/storage/session.h"
#include "common/storage/sql/guard.h"

namespace clustr::storage {

// A database, with one session for the writer and a pool of sessions for readers: a file of SQLite
// (FileDatabase) or a database of a PostgreSQL server (ServerDatabase). Thread-safe, except for
// what is for the writer thread only.
class Database {
 public:
  // Opens `sqlite:///PATH` or `postgresql://…` with `read_sessions` (at least 1) sessions for
  // readers. INVALID_ARGUMENT for any other address; FAILED_PRECONDITION if the database cannot be
  // used. The messages are meant for an operator, name the file or the server, and never repeat a
  // password. Thread-safe.
  static absl::StatusOr<std::unique_ptr<Database>> Open(absl::string_view url, int read_sessions);
  virtual ~Database() = default;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Waits for a free session and runs `read` on it in one read transaction, so that all its
  // statements see the same state. Returns the status of `read`, or the error of the database (see
  // Guard). Once `caller` no longer waits, a running statement is interrupted within milliseconds
  // and CANCELLED or DEADLINE_EXCEEDED is returned. Blocks.
  virtual absl::Status Read(absl::FunctionRef<absl::Status(Session&)> read,
                            const Caller& caller = {}) = 0;

  // Begins a backup of the newest state. Neither takes a session from readers nor waits for one.
  // The errors of Guard. What it returns must go before the database.
  virtual absl::StatusOr<std::unique_ptr<Snapshot>> OpenSnapshot(
      const std::vector<const google::protobuf::Descriptor*>& models,
      const ops::v1::BackupHeader& header) = 0;

  // See storage::Guard.
  static absl::Status Guard(absl::FunctionRef<absl::Status()> work) { return storage::Guard(work); }

  // Reports damage if `status` says so, and returns it.
  absl::Status Noted(absl::Status status);

  // For the writer thread only, within a transaction that BeginUpgrade or BeginWrite began.
  virtual Session& writer_session() = 0;

  // Begins a transaction on the writer session in which tables may be made and changed. No other
  // server does so, or writes, before its end.
  virtual absl::Status BeginUpgrade() = 0;

  // Begins a transaction on the writer session for a group of calls. No other server writes before
  // its end. The errors of Guard, and DATA_LOSS if the database is damaged.
  virtual absl::Status BeginWrite() = 0;

  // Ends what BeginWrite began, so that it lasts. The errors of Guard; after INTERNAL, and after
  // UNAVAILABLE with reason DATABASE_UNREACHABLE, it may last or not.
  virtual absl::Status Commit();

  // For the writer thread: ends the transaction without its effect, if there still is one.
  virtual void Rollback() = 0;

  // For the writer thread, between transactions: moves what it wrote to where no older state of a
  // row is kept beside it, if nobody reads an older state. True if nothing is left to do. Failures
  // are thrown.
  virtual bool EmptyLog() = 0;

  // The same, and forgets what is in memory of rows that were deleted, so that no file of the
  // database has it; waits `patience_ms` for readers of older states. False if rows are left.
  virtual bool Purge(int patience_ms) = 0;

  // False if Purge never succeeds, because the database keeps older states of rows by itself.
  virtual bool can_purge() const = 0;

  // The other servers that may write to this database. Null if there can be none.
  virtual Peers* peers() { return nullptr; }

  // Damage found so far. While there is none, everything that was read is what was written.
  Damage& damage() { return damage_; }

  // A sentence for an operator, with the remedy, about each thing that is wrong with the database.
  virtual std::vector<std::string> Problems() const = 0;

  // Number of rows with a damaged text that were met and not written again since, at most 1,000.
  int64_t damaged_rows() const { return broken_texts_.count(); }

 protected:
  // `name` and `text` as for Damage.
  Database(std::string name, Damage::Text text) : damage_(std::move(name), text) {}
  // What is wrong with the rows and with the database as a whole.
  std::vector<std::string> CommonProblems() const;

  Damage damage_;
  BrokenTexts broken_texts_;
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_DATABASE_H_
