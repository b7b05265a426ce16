#ifndef CLUSTR_COMMON_IMPORTING_BYTE_SOURCE_H_
#define CLUSTR_COMMON_IMPORTING_BYTE_SOURCE_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

struct gzFile_s;

namespace clustr::importing {

// Reads the bytes of a file. Inflates it if its content is gzip, whatever its name. Not
// thread-safe.
class ByteSource {
 public:
  // NOT_FOUND, naming the path, if the file cannot be opened.
  static absl::StatusOr<ByteSource> Open(const std::string& path);

  // Reads up to `size` bytes to `to` and returns how many; fewer than `size` only at the end of the
  // file, where every later call returns 0. DATA_LOSS if reading fails or the gzip data is damaged
  // or incomplete.
  absl::StatusOr<size_t> Read(char* to, size_t size);

 private:
  struct Closer {
    void operator()(gzFile_s* file) const;
  };

  explicit ByteSource(gzFile_s* file) : file_(file) {}

  std::unique_ptr<gzFile_s, Closer> file_;
};

}  // namespace clustr::importing

#endif  // CLUSTR_COMMON_IMPORTING_BYTE_SOURCE_H_
