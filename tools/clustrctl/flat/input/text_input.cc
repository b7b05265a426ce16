#include "tools/clustrctl/flat/input/text_input.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/flat/input/file_kind.h"

namespace clustr::ctl {
namespace {

constexpr size_t kHead = 4096;
constexpr size_t kPending = 256 * 1024;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// The name by which iconv knows an encoding; empty if the bytes need no conversion.
const char* ConverterName(TextEncoding encoding) {
  switch (encoding) {
    case TextEncoding::kUtf16Le:
      return "UTF-16LE";
    case TextEncoding::kUtf16Be:
      return "UTF-16BE";
    case TextEncoding::kUtf32Le:
      return "UTF-32LE";
    case TextEncoding::kUtf32Be:
      return "UTF-32BE";
    case TextEncoding::kUtf8OrLegacy:
      break;
  }
  return "";
}

}  // namespace

absl::StatusOr<TextInput> TextInput::Open(const std::string& path, const std::string& encoding) {
  CLUSTR_ASSIGN_OR_RETURN(importing::ByteSource source, importing::ByteSource::Open(path));
  TextInput input(std::move(source));
  input.pending_.resize(kHead);
  CLUSTR_ASSIGN_OR_RETURN(const size_t size, input.source_.Read(input.pending_.data(), kHead));
  input.pending_.resize(size);
  input.at_end_ = size < kHead;
  const TextEncoding found = EncodingOf({input.pending_.data(), size});
  input.encoding_ = encoding.empty() ? ConverterName(found) : encoding;
  if (input.encoding_.empty()) return input;
  iconv_t converter = iconv_open("UTF-8", input.encoding_.c_str());
  if (converter == reinterpret_cast<iconv_t>(-1)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--encoding: ", Quoted(input.encoding_),
                     " is not known; give for example UTF-8, UTF-16, windows-1252, ISO-8859-15, "
                     "CP850, MACINTOSH, windows-1251, CP932 (Shift_JIS), GB18030, BIG5, CP949 "
                     "(EUC-KR) or ISO-2022-JP; `iconv --list` names all"));
  }
  input.converter_.reset(converter);
  if (found != TextEncoding::kUtf8OrLegacy && encoding.empty()) {
    input.encoding_ = input.encoding_.substr(0, 6);  // UTF-16 or UTF-32, whatever its byte order.
  }
  return input;
}

absl::StatusOr<size_t> TextInput::Read(char* to, size_t size) {
  if (converter_ != nullptr) return ReadConverted(to, size);
  const size_t kept = std::min(size, pending_.size() - pending_begin_);
  std::memcpy(to, pending_.data() + pending_begin_, kept);
  pending_begin_ += kept;
  if (kept == size || at_end_) return kept;
  CLUSTR_ASSIGN_OR_RETURN(const size_t more, source_.Read(to + kept, size - kept));
  at_end_ = more < size - kept;
  return kept + more;
}

// Bytes that are no character of the encoding become U+FFFD.
absl::StatusOr<size_t> TextInput::ReadConverted(char* to, size_t size) {
  char* out = to;
  size_t room = size;
  while (room > 0) {
    char* in = pending_.data() + pending_begin_;
    size_t left = pending_.size() - pending_begin_;
    const size_t before = left;
    const size_t result = left == 0 ? 0 : iconv(converter_.get(), &in, &left, &out, &room);
    const int error = errno;
    pending_begin_ += before - left;
    const bool cut_off = left > 0 && result == static_cast<size_t>(-1) && error == EINVAL;
    if (left > 0 && result == static_cast<size_t>(-1) && error == E2BIG) break;
    const bool invalid = left > 0 && !(cut_off && !at_end_);
    if (invalid) {
      if (room < kReplacement.size()) break;
      std::memcpy(out, kReplacement.data(), kReplacement.size());
      out += kReplacement.size();
      room -= kReplacement.size();
      ++pending_begin_;
      continue;
    }
    if (at_end_) break;
    // Keeps the beginning of a character that the bytes read so far cut off.
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<ptrdiff_t>(pending_begin_));
    pending_begin_ = 0;
    const size_t kept = pending_.size();
    pending_.resize(kept + kPending);
    CLUSTR_ASSIGN_OR_RETURN(const size_t count, source_.Read(pending_.data() + kept, kPending));
    pending_.resize(kept + count);
    at_end_ = count < kPending;
  }
  return size - room;
}

}  // namespace clustr::ctl
