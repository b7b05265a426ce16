#ifndef CLUSTR_COMMON_STORAGE_FILE_LOCK_FILE_H_
#define CLUSTR_COMMON_STORAGE_FILE_LOCK_FILE_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace clustr::storage {

// A file descriptor that is closed with its owner. That of a database must be closed after all
// sessions, because closing any descriptor of a file releases the locks that SQLite holds on it.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int file) : file_(file) {}
  ~FileDescriptor();
  FileDescriptor(FileDescriptor&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }

  int get() const { return file_; }

 private:
  int file_ = -1;
};

// Opens a database file and locks it until the descriptor is closed. The lock belongs to the file
// itself, so it holds whatever path or link leads another server there. FAILED_PRECONDITION, with a
// text for an operator, if the file cannot be opened for writing, if another server has it open, or
// if it is empty, as no database ever is.
absl::StatusOr<FileDescriptor> LockFile(const std::string& path);

// Writes to the disk that a file was created in, or renamed within, the folder of `path`.
void SyncFolderOf(const std::string& path);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_FILE_LOCK_FILE_H_
