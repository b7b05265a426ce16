#include "services/bundles/program/durable_file.h"

#include <fcntl.h>
#include <openssl/sha.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"

namespace clustr::bundles {
namespace {

// Clients see this, so it does not name the path.
absl::Status FileError(absl::string_view verb, int error, FileKind kind) {
  const std::string message =
      absl::StrCat("cannot ", verb, " ", kind.what, ": ", std::strerror(error),
                   "; check the disk and the permissions of ", kind.folder);
  return error == ENOSPC ? MakeError(common::v1::ERROR_REASON_DISK_FULL, message)
                         : MakeError(common::v1::ERROR_REASON_NOT_STORED, message);
}

absl::Status WriteError(int error, FileKind kind) { return FileError("store", error, kind); }

// Writes the bytes to a new file and waits until they are on the disk.
absl::Status WriteDurably(const std::string& path, absl::string_view bytes, FileKind kind) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return WriteError(errno, kind);
  const absl::Cleanup close_file = [file] { close(file); };
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return WriteError(errno, kind);
    if (written > 0) bytes.remove_prefix(static_cast<size_t>(written));
  }
  if (fsync(file) != 0) return WriteError(errno, kind);
  return absl::OkStatus();
}

absl::Status SyncFolder(const std::filesystem::path& folder, FileKind kind) {
  const int opened = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) return WriteError(errno, kind);
  const absl::Cleanup close_folder = [opened] { close(opened); };
  if (fsync(opened) != 0) return WriteError(errno, kind);
  return absl::OkStatus();
}

}  // namespace

absl::Status WriteDurableFile(const std::string& path, absl::string_view bytes, FileKind kind) {
  const std::string unfinished = path + ".new";
  const absl::Status written = WriteDurably(unfinished, bytes, kind);
  std::error_code error;
  if (written.ok()) std::filesystem::rename(unfinished, path, error);
  if (!written.ok() || error) {
    std::error_code ignored;
    std::filesystem::remove(unfinished, ignored);
    return written.ok() ? WriteError(error.value(), kind) : written;
  }
  return SyncFolder(std::filesystem::path(path).parent_path(), kind);
}

absl::Status RemoveDurableFile(const std::string& path, FileKind kind) {
  std::error_code error;
  std::filesystem::remove(path, error);
  if (error) return FileError("remove", error.value(), kind);
  return SyncFolder(std::filesystem::path(path).parent_path(), kind);
}

std::string RawSha256(absl::string_view bytes) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

}  // namespace clustr::bundles
