#include "tools/clustrctl/files/line_reader.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"

namespace clustr::ctl {

absl::StatusOr<LineReader> LineReader::Open(const std::string& path) {
  CLUSTR_ASSIGN_OR_RETURN(importing::ByteSource bytes, importing::ByteSource::Open(path));
  return LineReader(path, std::move(bytes));
}

absl::StatusOr<bool> LineReader::Next(std::string* line) {
  while (true) {
    const size_t end = buffer_.find('\n', begin_);
    if (end == std::string::npos && !at_end_) {
      buffer_.erase(0, begin_);
      begin_ = 0;
      if (buffer_.size() > kMaxLine) {
        return absl::FailedPreconditionError(absl::StrCat(
            path_, " line ", line_ + 1, ": is longer than ", kMaxLine, " bytes; shorten it"));
      }
      const size_t held = buffer_.size();
      buffer_.resize(held + kMaxLine);
      CLUSTR_ASSIGN_OR_RETURN(const size_t count, bytes_.Read(&buffer_[held], kMaxLine));
      buffer_.resize(held + count);
      at_end_ = count < kMaxLine;
      continue;
    }
    if (end == std::string::npos && begin_ == buffer_.size()) return false;
    const size_t stop = end == std::string::npos ? buffer_.size() : end;
    line->assign(buffer_, begin_, stop - begin_);
    begin_ = end == std::string::npos ? stop : stop + 1;
    ++line_;
    if (!line->empty() && line->back() == '\r') line->pop_back();
    if (!line->empty()) return true;
  }
}

}  // namespace clustr::ctl
