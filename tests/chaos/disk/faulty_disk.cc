#include "tests/chaos/disk/faulty_disk.h"

#include <signal.h>
#include <sqlite3.h>
#include <unistd.h>

#include <random>

namespace clustr::chaos {

bool FaultyDisk::Fails(Operation operation, FileKind kind) {
  if (kind == kOther) return false;
  control_->operations.fetch_add(1);
  if (operation == kWrite) control_->writes.fetch_add(1);
  if (operation == kWrite && kind == kDatabase) control_->database_writes.fetch_add(1);
  if (operation == kSync) control_->syncs.fetch_add(1);
  if ((control_->error_operations.load() & operation) == 0 ||
      (control_->error_files.load() & kind) == 0 || control_->error_countdown.load() == 0) {
    return false;
  }
  // The countdown ends at 1 for an error that stays, and at 0 for one that does not.
  int64_t left = control_->error_countdown.load();
  while (left > 1) {
    if (control_->error_countdown.compare_exchange_weak(left, left - 1)) return false;
  }
  if (left != 1) return false;
  if (control_->error_for_ever.load() == 0 &&
      !control_->error_countdown.compare_exchange_strong(left, 0)) {
    return false;
  }
  control_->errors.fetch_add(1);
  return true;
}

int FaultyDisk::ErrorOf(Operation operation) {
  switch (operation) {
    case kRead:
      return SQLITE_IOERR_READ;
    case kWrite:
      return SQLITE_IOERR_WRITE;
    case kSync:
      return SQLITE_IOERR_FSYNC;
    case kTruncate:
      return SQLITE_IOERR_TRUNCATE;
    case kSize:
      return SQLITE_IOERR_FSTAT;
    case kOpen:
      return SQLITE_CANTOPEN;
    case kDelete:
      return SQLITE_IOERR_DELETE;
    case kLock:
      return SQLITE_IOERR_LOCK;
    case kMapIndex:
      return SQLITE_IOERR_SHMMAP;
  }
  return SQLITE_IOERR;
}

bool FaultyDisk::IsLast(Operation operation, FileKind kind) {
  if ((control_->cut_operations.load() & operation) == 0 ||
      (control_->cut_files.load() & kind) == 0 || control_->cut_countdown.load() == 0) {
    return false;
  }
  return control_->cut_countdown.fetch_sub(1) == 1;
}

void FaultyDisk::CutPower() {
  std::mt19937_64 random(static_cast<uint64_t>(control_->seed.load()));
  files_.CutPower(random);
  kill(getpid(), SIGKILL);
  while (true) pause();
}

void FaultyDisk::TakeFlush() {
  if (control_->flushed.exchange(0) != 0) files_.AllSynced();
}

int FaultyDisk::Run(Operation operation, FileKind kind, const Work& work) {
  return Fails(operation, kind) ? ErrorOf(operation) : work();
}

int FaultyDisk::Write(FileKind kind, const std::string& path, int64_t offset, int64_t size,
                      const std::function<int(int64_t)>& write) {
  if (kind == kOther) return write(size);
  const int64_t capacity = control_->capacity.load();
  if (capacity != 0 && offset + size > capacity) {
    control_->errors.fetch_add(1);
    return SQLITE_FULL;
  }
  const bool fails = Fails(kWrite, kind);
  std::lock_guard lock(mutex_);
  TakeFlush();
  files_.Write(path, offset, size);
  const int code = write(fails ? size / 2 : size);
  if (IsLast(kWrite, kind)) CutPower();
  return fails ? ErrorOf(kWrite) : code;
}

int FaultyDisk::Truncate(FileKind kind, const std::string& path, int64_t size, const Work& work) {
  if (kind == kOther) return work();
  if (Fails(kTruncate, kind)) return ErrorOf(kTruncate);
  std::lock_guard lock(mutex_);
  TakeFlush();
  files_.Truncate(path, size);
  const int code = work();
  if (IsLast(kTruncate, kind)) CutPower();
  return code;
}

int FaultyDisk::Delete(FileKind kind, const std::string& path, const Work& work) {
  if (kind == kOther) return work();
  if (Fails(kDelete, kind)) return ErrorOf(kDelete);
  {
    std::lock_guard lock(mutex_);
    TakeFlush();
    files_.Delete(path);
  }
  // Not under the lock: SQLite may sync the folder, which ends in SyncedFolder().
  const int code = work();
  std::lock_guard lock(mutex_);
  if (IsLast(kDelete, kind)) CutPower();
  return code;
}

int FaultyDisk::Sync(FileKind kind, const std::string& path, const Work& work) {
  if (kind == kOther) return work();
  while (control_->stalled.load() != 0) usleep(1000);
  if (Fails(kSync, kind)) {
    std::lock_guard lock(mutex_);
    TakeFlush();
    files_.SyncFailed(path);
    return ErrorOf(kSync);
  }
  {
    std::lock_guard lock(mutex_);
    TakeFlush();
    if (IsLast(kSync, kind)) CutPower();
  }
  // Not under the lock, as above. Only one thread at a time writes to a database.
  const int code = work();
  std::lock_guard lock(mutex_);
  if (code == SQLITE_OK) files_.Synced(path);
  return code;
}

void FaultyDisk::Create(const std::string& path) {
  std::lock_guard lock(mutex_);
  files_.Create(path);
}

void FaultyDisk::SyncedFolder(const std::string& folder) {
  std::lock_guard lock(mutex_);
  files_.SyncedFolder(folder);
}

}  // namespace clustr::chaos
