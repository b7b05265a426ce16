#include "common/base/bounded_write.h"

#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace clustr {
namespace {

constexpr int kPatienceMs = 50;

}  // namespace

bool WriteUnless(int file, absl::string_view text, absl::FunctionRef<bool()> give_up) {
  if (file < 0) return false;
  while (!text.empty()) {
    pollfd ready{file, POLLOUT, 0};
    const int polled = poll(&ready, 1, kPatienceMs);
    if (polled < 0 && errno != EINTR) return false;
    if (polled <= 0) {
      if (give_up()) return false;
      continue;
    }
    // A pipe that is ready takes at least PIPE_BUF bytes without blocking.
    const ssize_t written = write(file, text.data(), std::min<size_t>(text.size(), PIPE_BUF));
    if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

}  // namespace clustr
