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

// One database file: a session for the writer, a few for readers. Every exception of SOCI ends
// here. Thread-safe but for writer_session, which is the writer's alone.
class Database {
 public:
  // Opens `sqlite:///PATH`, made with its folder if missing. INVALID_ARGUMENT for any other
  // address, FAILED_PRECONDITION if another server has it open or it is no database; the texts are
  // for an operator and name the path.
  static absl::StatusOr<std::unique_ptr<Database>> Open(absl::string_view url, int read_sessions);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Runs `read` in one read transaction on a free session, waiting for one: all its statements see
  // one state. Returns what it returns, or the failure of the database; CANCELLED or
  // DEADLINE_EXCEEDED within milliseconds once nobody waits for it, even amid a statement.
  absl::Status Read(absl::FunctionRef<absl::Status(Session&)> read, const Caller& caller = {});

  // Runs `work` and turns what it throws into a status: RESOURCE_EXHAUSTED with reason DISK_FULL,
  // UNAVAILABLE, or INTERNAL; nothing of the statement or its values is in it.
  static absl::Status Guard(absl::FunctionRef<absl::Status()> work);

  Session& writer_session() { return *writer_; }

 private:
  explicit Database(int lock_file) : lock_file_(lock_file) {}

  const int lock_file_;
  std::unique_ptr<Session> writer_;
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<Session>> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_DATABASE_H_
