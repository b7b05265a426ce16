#include "common/importing/byte_source.h"

#include <zlib.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace clustr::importing {
namespace {

constexpr unsigned kInflateBufferBytes = 256 * 1024;

}  // namespace

void ByteSource::Closer::operator()(gzFile_s* file) const { gzclose_r(file); }

absl::StatusOr<ByteSource> ByteSource::Open(const std::string& path) {
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) {
    return absl::NotFoundError(absl::StrCat(path, ": cannot be opened: ", std::strerror(errno)));
  }
  gzbuffer(file, kInflateBufferBytes);
  return ByteSource(file);
}

absl::StatusOr<size_t> ByteSource::Read(char* to, size_t size) {
  const int count = gzread(file_.get(), to, static_cast<unsigned>(size));
  int code = Z_OK;
  const char* reason = gzerror(file_.get(), &code);
  if (code == Z_BUF_ERROR) return absl::DataLossError("the gzip data ends before it is complete");
  if (count < 0 || code < 0) {
    return absl::DataLossError(
        absl::StrCat("cannot be read: ", code == Z_ERRNO ? std::strerror(errno) : reason));
  }
  return static_cast<size_t>(count);
}

}  // namespace clustr::importing
