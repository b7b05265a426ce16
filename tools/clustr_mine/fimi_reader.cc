#include "tools/clustr_mine/fimi_reader.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace clustr::mine {
namespace {

// Below this a number is its own place in a table of names.
constexpr uint32_t kTableBound = uint32_t{1} << 26;

absl::StatusOr<std::string> ReadAll(int file) {
  std::string text;
  std::array<char, 1 << 16> buffer;
  for (ssize_t size; (size = read(file, buffer.data(), buffer.size())) != 0;) {
    if (size < 0) return absl::UnknownError("the input cannot be read");
    text.append(buffer.data(), static_cast<size_t>(size));
  }
  return text;
}

// What `program` -dc writes when it reads the file.
absl::StatusOr<std::string> Decompress(const char* program, const std::string& path) {
  int pipe_ends[2];
  if (pipe(pipe_ends) != 0) return absl::UnknownError("no pipe to be had");
  const pid_t child = fork();
  if (child == 0) {
    dup2(pipe_ends[1], STDOUT_FILENO);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    execlp(program, program, "-dc", "--", path.c_str(), nullptr);
    _exit(127);
  }
  close(pipe_ends[1]);
  if (child < 0) {
    close(pipe_ends[0]);
    return absl::UnknownError("no process to be had");
  }
  absl::StatusOr<std::string> text = ReadAll(pipe_ends[0]);
  close(pipe_ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (text.ok() && status != 0) {
    return absl::UnknownError(absl::StrCat(path, ": ", program, " cannot decompress it"));
  }
  return text;
}

// Replaces the numbers of the file by dense ones that keep their order.
void MakeDense(uint32_t bound, Transactions& transactions) {
  if (bound < kTableBound) {
    std::vector<uint32_t> item_of(size_t{bound} + 1);
    for (const uint32_t number : transactions.items) item_of[number] = 1;
    for (uint32_t number = 0; number <= bound; ++number) {
      if (item_of[number] == 0) continue;
      item_of[number] = static_cast<uint32_t>(transactions.names.size());
      transactions.names.push_back(number);
    }
    for (uint32_t& item : transactions.items) item = item_of[item];
    return;
  }
  std::vector<uint32_t>& names = transactions.names;
  names = transactions.items;
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  for (uint32_t& item : transactions.items) {
    item =
        static_cast<uint32_t>(std::lower_bound(names.begin(), names.end(), item) - names.begin());
  }
}

}  // namespace

absl::StatusOr<Transactions> ParseFimi(std::string_view text) {
  Transactions transactions;
  std::vector<mining::Item>& items = transactions.items;
  items.reserve(text.size() / 4);
  const char* at = text.data();
  const char* const end = at + text.size();
  uint32_t bound = 0;
  while (at != end) {
    const size_t begin = items.size();
    bool ascending = true;
    while (at != end && *at != '\n') {
      auto digit = static_cast<unsigned char>(*at - '0');
      if (digit > 9) {
        if (*at != ' ' && *at != '\t' && *at != ',' && *at != '\r') {
          return absl::InvalidArgumentError(absl::StrCat("line ", transactions.offsets.size(), ": ",
                                                         std::string(1, *at),
                                                         " is neither a number nor a blank"));
        }
        ++at;
        continue;
      }
      uint64_t number = 0;
      do {
        number = number * 10 + digit;
        if (number > UINT32_MAX) {
          return absl::InvalidArgumentError(absl::StrCat("line ", transactions.offsets.size(),
                                                         ": a number is above ", UINT32_MAX));
        }
        digit = ++at != end ? static_cast<unsigned char>(*at - '0') : 10;
      } while (digit <= 9);
      const auto item = static_cast<uint32_t>(number);
      ascending &= items.size() == begin || items.back() < item;
      bound = std::max(bound, item);
      items.push_back(item);
    }
    if (!ascending) {
      const auto first = items.begin() + static_cast<ptrdiff_t>(begin);
      std::sort(first, items.end());
      items.erase(std::unique(first, items.end()), items.end());
    }
    transactions.offsets.push_back(items.size());
    if (at != end) ++at;
  }
  MakeDense(bound, transactions);
  return transactions;
}

absl::StatusOr<Transactions> ReadFimi(const std::string& path) {
  const char* const program = absl::EndsWith(path, ".gz")   ? "gzip"
                              : absl::EndsWith(path, ".xz") ? "xz"
                                                            : nullptr;
  const int file = path == "-" ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status;
  if (file < 0 || fstat(file, &status) != 0) {
    return absl::NotFoundError(absl::StrCat(path, ": no such file, or it cannot be read"));
  }
  if (program != nullptr) {
    close(file);
    absl::StatusOr<std::string> text = Decompress(program, path);
    return text.ok() ? ParseFimi(*text) : text.status();
  }
  if (!S_ISREG(status.st_mode)) {
    absl::StatusOr<std::string> text = ReadAll(file);
    if (path != "-") close(file);
    return text.ok() ? ParseFimi(*text) : text.status();
  }
  const auto size = static_cast<size_t>(status.st_size);
  if (size == 0) return Transactions();
  void* const memory = mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
  if (path != "-") close(file);
  if (memory == MAP_FAILED) return absl::UnknownError(absl::StrCat(path, ": cannot be mapped"));
  absl::StatusOr<Transactions> transactions = ParseFimi({static_cast<const char*>(memory), size});
  munmap(memory, size);
  return transactions;
}

}  // namespace clustr::mine
