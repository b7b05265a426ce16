#ifndef CLUSTR_COMMON_STORAGE_FILE_OPENING_H_
#define CLUSTR_COMMON_STORAGE_FILE_OPENING_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/storage/file/damage.h"
#include "common/storage/file/file_check.h"
#include "common/storage/file/lock_file.h"
#include "common/storage/session.h"

// What happens to a database file before it is used.
namespace clustr::storage {

// Connects a session to a database. Damage that the session meets is reported to `damage`, which
// must outlive it; with nullptr, seals are not checked. Failures are thrown.
void OpenSession(const std::string& path, Damage* damage, Session* session);

// Moves what the -wal file holds into the database, and cuts it off, so that no old state of a row
// is left in it. False if somebody still reads an old state after `patience_ms`. Takes a few
// milliseconds per MB. Failures are thrown.
bool EmptyWal(Session& session, int patience_ms = 0);

// Drops the pages that the session keeps in memory. They may hold bytes of rows that were deleted,
// which would come back into the -wal file with the next change of the page; the file has none.
void DropCachedPages(Session& session);

// Creates the database, empty, with mode 0600, and its folder with mode 0700, unless they exist. A
// database exists with its first page or not at all, whenever this process is killed.
absl::Status CreateIfMissing(const std::string& path);

// A locked file and what is known about it.
struct ReadyFile {
  FileDescriptor lock;
  FileState state;  // Of kind kSealed.
};

// Locks a database that no session is connected to, moves into it what the -wal file holds, and
// seals its pages if they are not (which writes the whole file anew, as PATH.sealed first).
// FAILED_PRECONDITION, with a text for an operator, if the file cannot be used: it is locked, it is
// damaged as far as its first page and the -wal file tell, or the -wal file belongs to another
// database. Failures of SQLite are thrown.
absl::StatusOr<ReadyFile> MakeReady(const std::string& path);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_FILE_OPENING_H_
