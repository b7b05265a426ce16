#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_INPUT_TEXT_INPUT_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_INPUT_TEXT_INPUT_H_

#include <iconv.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/importing/byte_source.h"

namespace clustr::ctl {

// The bytes of a text file, converted to UTF-8 if the file is UTF-16 or UTF-32, or if the user
// names another encoding. Otherwise, the bytes as they are: they may be UTF-8 or, here and there,
// an older encoding, which is decided cell by cell (Utf8Text). Not thread-safe.
class TextInput {
 public:
  // `encoding` is empty, or a name that iconv knows. INVALID_ARGUMENT if it does not; NOT_FOUND if
  // the file cannot be opened; DATA_LOSS if it cannot be read.
  static absl::StatusOr<TextInput> Open(const std::string& path, const std::string& encoding);

  // Reads up to `size` bytes, which must be at least 16, to `to`, and returns how many; 0 only at
  // the end. DATA_LOSS if the file cannot be read.
  absl::StatusOr<size_t> Read(char* to, size_t size);

  // The encoding that is converted from, as `UTF-16`; empty if the bytes are read as they are.
  const std::string& encoding() const { return encoding_; }

 private:
  struct Closer {
    void operator()(void* converter) const { iconv_close(converter); }
  };

  explicit TextInput(importing::ByteSource source) : source_(std::move(source)) {}

  absl::StatusOr<size_t> ReadConverted(char* to, size_t size);

  importing::ByteSource source_;
  std::string encoding_;
  std::unique_ptr<void, Closer> converter_;  // Null if nothing is converted.
  std::vector<char> pending_;                // Bytes that were read and are not yet given out.
  size_t pending_begin_ = 0;
  bool at_end_ = false;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_INPUT_TEXT_INPUT_H_
