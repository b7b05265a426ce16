#include "common/storage/file/lock_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "absl/strings/str_cat.h"

namespace clustr::storage {

FileDescriptor::~FileDescriptor() {
  if (file_ >= 0) close(file_);
}

absl::StatusOr<FileDescriptor> LockFile(const std::string& path) {
  FileDescriptor file(open(path.c_str(), O_RDWR | O_CLOEXEC));
  struct stat about;
  if (file.get() < 0 || fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "cannot write to ", path, "; give a file in a folder that this user may write to"));
  }
  if (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("another server has ", path, " open; stop it, or give another --database"));
  }
  if (about.st_size == 0) {
    return absl::FailedPreconditionError(
        absl::StrCat(path,
                     " is empty, so its contents were lost; put a backup in its place, or "
                     "delete it to start with an empty database"));
  }
  return file;
}

void SyncFolderOf(const std::string& path) {
  std::string folder = std::filesystem::path(path).parent_path();
  if (folder.empty()) folder = ".";
  const FileDescriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.get() >= 0) fsync(opened.get());
}

}  // namespace clustr::storage
