#include "tools/clustrctl/print/progress.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <utility>

#include "absl/strings/str_format.h"
#include "tools/clustrctl/print/numbers.h"

namespace clustr::ctl {
namespace {

constexpr auto kInterval = std::chrono::milliseconds(100);
constexpr int kBarWidth = 24;

}  // namespace

Progress::Progress(std::string label)
    : label_(std::move(label)), terminal_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() { Finish(); }

double Progress::Finish() {
  if (terminal_) std::cerr << "\r\x1b[K" << std::flush;
  return seconds();
}

void Progress::Update(int64_t count, double share) {
  if (!terminal_ || Clock::now() - shown_ < kInterval) return;
  shown_ = Clock::now();
  std::string bar;
  if (share >= 0) {
    const int filled = static_cast<int>(std::min(share, 1.0) * kBarWidth);
    bar = absl::StrFormat(" [%s%s] %3.0f %%", std::string(filled, '#'),
                          std::string(kBarWidth - filled, '.'), std::min(share, 1.0) * 100);
  }
  std::cerr << absl::StrFormat("\r\x1b[K%s%s %s, %s/s", label_, bar, WithSeparators(count),
                               WithSeparators(static_cast<int64_t>(count / seconds())))
            << std::flush;
}

double Progress::seconds() const {
  return std::max(std::chrono::duration<double>(Clock::now() - start_).count(), 1e-6);
}

}  // namespace clustr::ctl
