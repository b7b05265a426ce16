#ifndef CLUSTR_TESTS_CHAOS_DISK_FAULTY_DISK_H_
#define CLUSTR_TESTS_CHAOS_DISK_FAULTY_DISK_H_

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "tests/chaos/disk/control.h"
#include "tests/chaos/disk/unsynced_files.h"

namespace clustr::chaos {

// Decides about each operation of SQLite on a file whether it succeeds, fails, waits, or is the
// last one before the power fails. Codes are those of SQLite. Thread-safe.
class FaultyDisk {
 public:
  using Work = std::function<int()>;

  // Borrows the control for ever.
  explicit FaultyDisk(Control* control) : control_(control) {}

  // Runs an operation that changes nothing, unless it must fail.
  int Run(Operation operation, FileKind kind, const Work& work);
  // Writes by `write`, which is given how many bytes to write: of a write that fails, the first
  // half is written. A file may not grow beyond the capacity.
  int Write(FileKind kind, const std::string& path, int64_t offset, int64_t size,
            const std::function<int(int64_t)>& write);
  int Truncate(FileKind kind, const std::string& path, int64_t size, const Work& work);
  int Delete(FileKind kind, const std::string& path, const Work& work);
  // Waits while the disk stalls, then syncs.
  int Sync(FileKind kind, const std::string& path, const Work& work);

  // The file is about to be created.
  void Create(const std::string& path);
  // SQLite syncs a folder after it has opened it.
  void SyncedFolder(const std::string& folder);

 private:
  // Counts an operation. True if it must fail.
  bool Fails(Operation operation, FileKind kind);
  static int ErrorOf(Operation operation);
  // True once the power is to fail at this operation.
  bool IsLast(Operation operation, FileKind kind);
  [[noreturn]] void CutPower();
  // Takes note of what another process has synced. To be called under mutex_ before a change.
  void TakeFlush();

  Control* const control_;
  std::mutex mutex_;
  UnsyncedFiles files_;  // Guarded by mutex_.
};

}  // namespace clustr::chaos

#endif  // CLUSTR_TESTS_CHAOS_DISK_FAULTY_DISK_H_
