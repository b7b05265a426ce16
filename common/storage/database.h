#ifndef CLUSTR_COMMON_STORAGE_DATABASE_H_
#define CLUSTR_COMMON_STORAGE_DATABASE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "common/base/caller.h"
#include "common/storage/session.h"

namespace clustr::storage {

// One database file, with one session for the writer and a pool of sessions for readers. Exceptions
// of SOCI are caught here and nowhere else. Thread-safe, except that only the writer thread may use
// writer_session.
class Database {
 public:
  // Opens `sqlite:///PATH` with `read_sessions` (at least 1) sessions for readers, and locks the
  // file, whatever path or link leads to it, until destruction. Creates the file (mode 0600) and
  // its folder (0700) if missing. INVALID_ARGUMENT for any other address; FAILED_PRECONDITION if
  // another server has the database open or the file cannot be written or is not a database. The
  // messages are meant for an operator and name the path.
  static absl::StatusOr<std::unique_ptr<Database>> Open(absl::string_view url, int read_sessions);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Waits for a free session and runs `read` on it in one read transaction, so that all its
  // statements see the same state. Returns the status of `read`, or the error of the database (see
  // Guard). Once `caller` no longer waits, a running statement is interrupted within milliseconds
  // and CANCELLED or DEADLINE_EXCEEDED is returned. Blocks.
  absl::Status Read(absl::FunctionRef<absl::Status(Session&)> read, const Caller& caller = {});

  // Runs `work` and converts exceptions of SOCI to a status: RESOURCE_EXHAUSTED with reason
  // DISK_FULL, UNAVAILABLE with reason DATABASE_BUSY, DATA_LOSS if the file is not a database,
  // CANCELLED if the statement was interrupted, otherwise INTERNAL. The message contains neither
  // the statement nor its values; the log has the SQLite code.
  static absl::Status Guard(absl::FunctionRef<absl::Status()> work);

  // For the writer thread only.
  Session& writer_session() { return *writer_; }

  // Texts read so far that are not UTF-8.
  const BrokenTexts& broken_texts() const { return broken_texts_; }

 private:
  explicit Database(int lock_file) : lock_file_(lock_file) {}

  const int lock_file_;
  BrokenTexts broken_texts_;
  std::unique_ptr<Session> writer_;
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<Session>> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_DATABASE_H_
