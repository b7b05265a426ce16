#ifndef CLUSTR_TOOLS_CLUSTRCTL_FILES_LINE_READER_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FILES_LINE_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "common/importing/byte_source.h"

namespace clustr::ctl {

// Reads the lines of a file, which may be compressed with gzip; empty ones are skipped. Not
// thread-safe.
class LineReader {
 public:
  static constexpr size_t kMaxLine = size_t{64} << 10;

  // NOT_FOUND, naming the path, if the file cannot be opened.
  static absl::StatusOr<LineReader> Open(const std::string& path);

  // Reads the next line, without its end; false at the end of the file. FAILED_PRECONDITION, naming
  // the place, at a line longer than kMaxLine; DATA_LOSS if reading fails.
  absl::StatusOr<bool> Next(std::string* line);

  const std::string& path() const { return path_; }
  // Number of the line that was read last, from 1.
  int64_t line() const { return line_; }

 private:
  LineReader(std::string path, importing::ByteSource bytes)
      : path_(std::move(path)), bytes_(std::move(bytes)) {}

  std::string path_;
  importing::ByteSource bytes_;
  std::string buffer_;
  size_t begin_ = 0;  // Of what is not yet read in buffer_.
  bool at_end_ = false;
  int64_t line_ = 0;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FILES_LINE_READER_H_
