#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_INPUT_PLAIN_FILE_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_INPUT_PLAIN_FILE_H_

#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace clustr::ctl {

// A file of columns that can be read from its beginning several times: a regular file as it is, a
// pipe or the one text file in a zip archive as a temporary copy. Not thread-safe.
class PlainFile {
 public:
  // FAILED_PRECONDITION, naming the file and what it is, if it cannot be read, is not a file of
  // columns, or is an archive of more than one.
  static absl::StatusOr<PlainFile> Open(const std::string& path);

  // Where its bytes are, plain or gzip; valid as long as this.
  const std::string& path() const { return path_; }

  // The file in the archive that was given; empty if none was.
  const std::string& member() const { return member_; }

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  using Copy = std::unique_ptr<std::FILE, Closer>;

  absl::Status CopyPipe();
  absl::Status CopyMember();
  absl::Status StartCopy();

  std::string path_;
  std::string member_;
  Copy copy_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_INPUT_PLAIN_FILE_H_
