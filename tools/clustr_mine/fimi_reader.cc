#include "tools/clustr_mine/fimi_reader.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tools/clustr_mine/named_parser.h"

namespace clustr::mine {
namespace {

// The exit code of the child if the program does not exist, as in shells.
constexpr int kNoProgram = 127;

// The error for a file that cannot be read, from errno.
absl::Status Unreadable(const std::string& path) {
  const std::string reason = std::strerror(errno);
  return absl::NotFoundError(absl::StrCat(path, " cannot be read: ", reason,
                                          "; give a file of baskets, or - for the standard input"));
}

absl::StatusOr<std::string> ReadAll(int file, const std::string& path) {
  std::string text;
  std::vector<char> buffer(1 << 18);
  for (ssize_t size; (size = read(file, buffer.data(), buffer.size())) != 0;) {
    if (size < 0) return Unreadable(path);
    text.append(buffer.data(), static_cast<size_t>(size));
  }
  return text;
}

// Returns the output of `program -dc` for the file.
absl::StatusOr<std::string> Decompress(const char* program, const std::string& path) {
  int pipe_ends[2];
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) return Unreadable(path);
  const pid_t child = fork();
  if (child == 0) {
    dup2(pipe_ends[1], STDOUT_FILENO);
    execlp(program, program, "-dc", "--", path.c_str(), nullptr);
    _exit(kNoProgram);
  }
  close(pipe_ends[1]);
  if (child < 0) {
    close(pipe_ends[0]);
    return Unreadable(path);
  }
  absl::StatusOr<std::string> text = ReadAll(pipe_ends[0], path);
  close(pipe_ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (!text.ok() || status == 0) return text;
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNoProgram) {
    return absl::UnknownError(absl::StrCat(path, " needs the program ", program,
                                           ", which is not installed; install it, or decompress "
                                           "the file"));
  }
  return absl::UnknownError(
      absl::StrCat(path, " cannot be decompressed by ", program, "; give an undamaged file"));
}

absl::StatusOr<Transactions> Parse(std::string_view text, const std::string& path) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (HasNames(text)) return ParseNamed(text);
  absl::StatusOr<Transactions> transactions = ParseFimi(text);
  if (transactions.ok()) return transactions;
  return absl::InvalidArgumentError(absl::StrCat(path, ", ", transactions.status().message()));
}

}  // namespace

absl::StatusOr<Transactions> ReadBaskets(const std::string& path) {
  const bool standard = path == "-";
  const int file = standard ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return Unreadable(path);
  const absl::Cleanup close_file = [&] {
    if (!standard) close(file);
  };
  const char* const program = absl::EndsWith(path, ".gz")   ? "gzip"
                              : absl::EndsWith(path, ".xz") ? "xz"
                                                            : nullptr;
  struct stat status;
  if (fstat(file, &status) != 0) return Unreadable(path);
  if (program != nullptr || !S_ISREG(status.st_mode)) {
    const absl::StatusOr<std::string> text =
        program != nullptr ? Decompress(program, path) : ReadAll(file, path);
    return text.ok() ? Parse(*text, path) : text.status();
  }
  const auto size = static_cast<size_t>(status.st_size);
  // Another process may have read a part of the standard input before.
  const auto begin = std::min(size, static_cast<size_t>(lseek(file, 0, SEEK_CUR)));
  if (size == begin) return Parse("", path);
  void* const memory = mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
  if (memory == MAP_FAILED) return Unreadable(path);
  const absl::Cleanup unmap = [&] { munmap(memory, size); };
  return Parse(std::string_view(static_cast<const char*>(memory), size).substr(begin), path);
}

absl::Status ReadNames(const std::string& path, Transactions* transactions) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return Unreadable(path);
  const absl::StatusOr<std::string> text = ReadAll(file, path);
  close(file);
  if (!text.ok()) return text.status();
  std::string_view names = *text;
  if (names.starts_with("\xEF\xBB\xBF")) names.remove_prefix(3);
  const absl::Status status = NameItems(names, transactions);
  if (status.ok()) return status;
  return absl::InvalidArgumentError(absl::StrCat(path, ", ", status.message()));
}

}  // namespace clustr::mine
