#ifndef CLUSTR_TESTS_FUZZ_PARSERS_MEMORY_FILE_H_
#define CLUSTR_TESTS_FUZZ_PARSERS_MEMORY_FILE_H_

#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "tests/fuzz/messages/check.h"

namespace clustr::fuzz {

// A file in memory, for code that opens a path.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view content) : descriptor_(memfd_create("fuzz", MFD_CLOEXEC)) {
    const ssize_t written = write(descriptor_, content.data(), content.size());
    Check(written == static_cast<ssize_t>(content.size()), "a file in memory can be written");
  }
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  const int descriptor_;
};

}  // namespace clustr::fuzz

#endif  // CLUSTR_TESTS_FUZZ_PARSERS_MEMORY_FILE_H_
