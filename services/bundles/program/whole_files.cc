#include "services/bundles/program/whole_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace clustr::bundles {
namespace {

constexpr size_t kReadBytes = 1 << 20;

absl::Status Unusable(const KeptAs& kept, absl::string_view how) {
  return absl::DataLossError(absl::StrCat(kept.what, " ", how, "; ", kept.remedy));
}

}  // namespace

absl::StatusOr<std::string> ReadWholeFile(const std::string& path, absl::string_view begin,
                                          int64_t max_bytes, const KeptAs& kept) {
  // Without O_NONBLOCK, opening a pipe waits for its writer.
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (file < 0) {
    return absl::NotFoundError(absl::StrCat(kept.what, " cannot be opened: ", std::strerror(errno),
                                            "; check its permissions, or ", kept.remedy));
  }
  const absl::Cleanup close_file = [file] { close(file); };
  struct stat state = {};
  if (fstat(file, &state) != 0) return Unusable(kept, "cannot be read");
  if (!S_ISREG(state.st_mode)) return Unusable(kept, "is no regular file");
  const std::string too_large = absl::StrCat("is larger than ", max_bytes, " bytes");
  if (state.st_size > max_bytes) return Unusable(kept, too_large);
  std::string bytes;
  std::string part(kReadBytes, '\0');
  while (true) {
    const ssize_t count = read(file, part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      return Unusable(kept, absl::StrCat("cannot be read: ", std::strerror(errno)));
    }
    if (count == 0) return bytes;
    // It may have grown since.
    if (static_cast<int64_t>(bytes.size()) + count > max_bytes) return Unusable(kept, too_large);
    bytes.append(part, 0, static_cast<size_t>(count));
    if (!absl::StartsWith(bytes, begin) && bytes.size() >= begin.size()) return bytes;
  }
}

absl::StatusOr<std::vector<std::string>> NamesInFolder(const std::string& path) {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator file(path, error);
  while (!error && file != std::filesystem::directory_iterator()) {
    names.push_back(file->path().filename().string());
    file.increment(error);
  }
  if (!error || error == std::errc::no_such_file_or_directory) return names;
  return absl::NotFoundError(absl::StrCat("cannot list ", path, ": ", error.message()));
}

std::string ProblemOfFolder(const std::string& path, const std::string& what) {
  struct stat state = {};
  if (stat(path.c_str(), &state) != 0 && errno == ENOENT) return "";
  if (access(path.c_str(), R_OK | W_OK | X_OK) == 0 && S_ISDIR(state.st_mode)) return "";
  return absl::StrCat(what, " ", path,
                      " is no folder in which this user may read and write; make it one, and start "
                      "the server again");
}

}  // namespace clustr::bundles
