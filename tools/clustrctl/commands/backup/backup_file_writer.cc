#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/backup/backup_file.h"

namespace clustr::ctl {
namespace {

absl::Status Taken(const std::string& path) {
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": there is such a file; give another name, or --force to replace it"));
}

bool Exists(const std::string& path) {
  struct stat about;
  return lstat(path.c_str(), &about) == 0;
}

// A device or a link, which a renamed file would take the place of.
bool IsSpecial(const std::string& path) {
  struct stat about;
  return lstat(path.c_str(), &about) == 0 && !S_ISREG(about.st_mode);
}

}  // namespace

BackupFileWriter::BackupFileWriter(std::string path, bool replace)
    : path_(std::move(path)), replace_(replace) {}

absl::StatusOr<BackupFileWriter> BackupFileWriter::Create(
    const std::string& path, bool replace, const std::vector<std::string>& services) {
  if (!replace && Exists(path)) return Taken(path);
  if (IsSpecial(path)) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": is no ordinary file, and is not replaced; give another name"));
  }
  BackupFileWriter writer(path, replace);
  // What an earlier attempt left behind is no backup. A link is not followed.
  unlink(writer.part().c_str());
  const int file =
      open(writer.part().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": cannot be written: ", std::strerror(errno),
                     "; give a file in a folder that this user may write to"));
  }
  writer.file_.reset(fdopen(file, "wb"));
  const std::string line = absl::StrCat("clustr-backup 1: ", absl::StrJoin(services, " "), "\n");
  CLUSTR_RETURN_IF_ERROR(writer.Put(line.data(), line.size()));
  return writer;
}

BackupFileWriter::~BackupFileWriter() {
  if (file_ != nullptr) unlink(part().c_str());
}

absl::Status BackupFileWriter::DiskFailed() const {
  return absl::FailedPreconditionError(absl::StrCat(
      path_, ": cannot be written: ", std::strerror(errno), "; make room, or give another disk"));
}

absl::Status BackupFileWriter::Put(const char* data, size_t size) {
  bytes_ += static_cast<int64_t>(size);
  return std::fwrite(data, 1, size, file_.get()) == size ? absl::OkStatus() : DiskFailed();
}

absl::Status BackupFileWriter::Write(const ops::v1::BackupChunk& chunk) {
  const std::string bytes = chunk.SerializeAsString();
  char size[4];
  for (int i = 0; i < 4; ++i) size[i] = static_cast<char>(bytes.size() >> (8 * i));
  CLUSTR_RETURN_IF_ERROR(Put(size, sizeof(size)));
  return Put(bytes.data(), bytes.size());
}

absl::Status BackupFileWriter::Close() {
  if (std::fflush(file_.get()) != 0 || fsync(fileno(file_.get())) != 0) return DiskFailed();
  // Unlike a renamed file, a link does not replace one that came meanwhile.
  if (!replace_ && link(part().c_str(), path_.c_str()) != 0) {
    return errno == EEXIST ? Taken(path_) : DiskFailed();
  }
  if (replace_ && std::rename(part().c_str(), path_.c_str()) != 0) return DiskFailed();
  if (!replace_) unlink(part().c_str());
  file_.reset();
  std::string folder = std::filesystem::path(path_).parent_path();
  const int directory = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY);
  if (directory < 0) return DiskFailed();
  const bool synced = fsync(directory) == 0;
  close(directory);
  return synced ? absl::OkStatus() : DiskFailed();
}

}  // namespace clustr::ctl
