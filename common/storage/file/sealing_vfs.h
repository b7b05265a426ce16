#ifndef CLUSTR_COMMON_STORAGE_FILE_SEALING_VFS_H_
#define CLUSTR_COMMON_STORAGE_FILE_SEALING_VFS_H_

#include "common/storage/file/damage.h"

// A layer between SQLite and the file system (a VFS) that seals each page that is written to a
// database file with room for seals, and checks the seal of each page that is read from it. Pages
// in the -wal file have no seal; SQLite keeps checksums of its own there.
namespace clustr::storage {

// Puts the layer on top of the default VFS and makes it the default of this process. Calls after
// the first do nothing. Must be called before the first session of the process is opened.
// Thread-safe.
void InstallSealingVfs();

// The operation of sqlite3_file_control by which a session says where damage is to be reported: its
// argument is a Damage*, which must outlive the session. From then on, a page without its seal is
// reported and read as SQLITE_CORRUPT; before, no seal is checked.
inline constexpr int kReportDamageTo = 0x436c7374;

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_FILE_SEALING_VFS_H_
