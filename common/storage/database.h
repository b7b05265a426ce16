#ifndef CLUSTR_COMMON_STORAGE_DATABASE_H_
#define CLUSTR_COMMON_STORAGE_DATABASE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "common/base/caller.h"
#include "common/storage/backup/snapshot.h"
#include "common/storage/file/background_check.h"
#include "common/storage/file/damage.h"
#include "common/storage/sql/guard.h"
#include "common/storage/file/lock_file.h"
#include "common/storage/session.h"

namespace clustr::storage {

// One database file, with one session for the writer and a pool of sessions for readers. Each page
// of the file carries a checksum (see page_seal.h), so that what a damaged disk changed is never
// served. Thread-safe, except that only the writer thread may use writer_session.
class Database {
 public:
  // Opens `sqlite:///PATH` with `read_sessions` (at least 1) sessions for readers, and locks the
  // file, whatever path or link leads to it, until destruction. Creates the file (mode 0600) and
  // its folder (0700) if missing; gives checksums to a file that has none (see MakeReady). Waits up
  // to two seconds for the check of the whole file, which then goes on in the background.
  // INVALID_ARGUMENT for any other address; FAILED_PRECONDITION if another server has the database
  // open or the file cannot be written, is not a database or is damaged. The messages are meant for
  // an operator and name the path.
  static absl::StatusOr<std::unique_ptr<Database>> Open(absl::string_view url, int read_sessions);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Waits for a free session and runs `read` on it in one read transaction, so that all its
  // statements see the same state. Returns the status of `read`, or the error of the database (see
  // Guard). Once `caller` no longer waits, a running statement is interrupted within milliseconds
  // and CANCELLED or DEADLINE_EXCEEDED is returned. Blocks.
  absl::Status Read(absl::FunctionRef<absl::Status(Session&)> read, const Caller& caller = {});

  // Begins a backup of the newest state. Neither takes a session from readers nor waits for one.
  absl::StatusOr<std::unique_ptr<Snapshot>> OpenSnapshot(
      const std::vector<const google::protobuf::Descriptor*>& models,
      const ops::v1::BackupHeader& header);

  // See storage::Guard.
  static absl::Status Guard(absl::FunctionRef<absl::Status()> work);

  // Reports damage if `status` says so, and returns it.
  absl::Status Noted(absl::Status status);

  // For the writer thread only.
  Session& writer_session() { return *writer_; }

  // Damage found so far. While there is none, everything that was read is what was written.
  Damage& damage() { return damage_; }

  // A sentence for an operator, with the remedy, about each thing that is wrong with the file.
  std::vector<std::string> Problems() const;

 private:
  explicit Database(std::string path) : path_(std::move(path)), damage_(path_) {}
  void OpenSessions(int read_sessions);

  const std::string path_;
  Damage damage_;
  FileDescriptor lock_;  // Closed after all sessions.
  BrokenTexts broken_texts_;
  std::unique_ptr<BackgroundCheck> check_;
  std::unique_ptr<Session> writer_;
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<Session>> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_DATABASE_H_
