#ifndef CLUSTR_COMMON_STORAGE_FILE_WAL_CHECK_H_
#define CLUSTR_COMMON_STORAGE_FILE_WAL_CHECK_H_

#include <string>

namespace clustr::storage {

// Looks for damage in PATH-wal, which holds the newest writes if the last server did not end by
// itself. SQLite would silently leave out everything behind the first damaged place, as it has to
// do with what a power cut left half written. Two things tell damage from that:
//  - PATH-shm, if it is there and belongs to PATH-wal, records after each commit how much of
//  PATH-wal
//    was committed;
//  - otherwise, a transaction follows one that cannot be read, but a transaction is only written
//    once the one before is safe on the disk.
// Returns what is wrong, for an operator, or an empty string. The files must not be open. Reads all
// of PATH-wal.
std::string FindWalDamage(const std::string& path);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_FILE_WAL_CHECK_H_
