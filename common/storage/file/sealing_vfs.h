#ifndef CLUSTR_COMMON_STORAGE_FILE_SEALING_VFS_H_
#define CLUSTR_COMMON_STORAGE_FILE_SEALING_VFS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/storage/file/damage.h"

// A layer between SQLite and the file system (a VFS) that seals each page that is written to a
// database file with room for seals, and checks the seal of each page that is read from it. Pages
// in the -wal file have no seal; SQLite keeps checksums of its own there.
//
// Once a sync of a database file has failed, every later one fails, too, until ForgetFailedSync.
// Linux reports a failed sync once, and then takes the pages that did not reach the disk for
// written. SQLite would copy only what no earlier checkpoint has copied, sync that with success,
// and begin the -wal file anew: a power cut would then take back what an earlier checkpoint copied
// before the failure. As it is, no checkpoint ends any more, so the -wal file keeps everything, and
// the next start copies all of it again.
namespace clustr::storage {

// Puts the layer on top of the default VFS and makes it the default of this process. Calls after
// the first do nothing. Must be called before the first session of the process is opened.
// Thread-safe.
void InstallSealingVfs();

// A new database whose name ends so gets seals from its first write on. SQLite may write other pages
// of a large copy before page 1, whose header tells of any other file whether it has room for them.
inline constexpr absl::string_view kSealedCopySuffix = ".sealed";

// The operation of sqlite3_file_control by which a session says where damage is to be reported: its
// argument is a Damage*, which must outlive the session. From then on, a page without its seal is
// reported and read as SQLITE_CORRUPT; before, no seal is checked.
inline constexpr int kReportDamageTo = 0x436c7374;

// True if a sync of the database file has failed in this process. Thread-safe.
bool SyncFailed(const std::string& path);

// To be called before a database is opened that no session of this process is connected to.
// Thread-safe.
void ForgetFailedSync(const std::string& path);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_FILE_SEALING_VFS_H_
