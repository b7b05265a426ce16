#include "common/base/line_writer.h"

#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace clustr {
namespace {

// How long lines are collected before they are written together.
constexpr absl::Duration kGathering = absl::Milliseconds(10);

void WriteAll(int file, absl::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // There is nowhere to report that the log cannot be written.
    text.remove_prefix(static_cast<size_t>(written));
  }
}

}  // namespace

LineWriter::LineWriter(int file, size_t max_waiting_bytes)
    : file_(file), max_waiting_bytes_(max_waiting_bytes), thread_([this] { Run(); }) {}

void LineWriter::Put(absl::string_view line) {
  absl::MutexLock lock(&mutex_);
  if (finished_ || waiting_.size() + line.size() >= max_waiting_bytes_) {
    ++dropped_;
    return;
  }
  if (waiting_.empty()) not_empty_.Signal();
  absl::StrAppend(&waiting_, line, "\n");
}

void LineWriter::Finish() {
  {
    absl::MutexLock lock(&mutex_);
    finished_ = true;
    not_empty_.Signal();
  }
  if (thread_.joinable()) thread_.join();
}

void LineWriter::Run() {
  std::string lines;
  mutex_.Lock();
  while (!finished_ || !waiting_.empty()) {
    if (waiting_.empty()) {
      not_empty_.Wait(&mutex_);
      continue;
    }
    if (!finished_) {
      mutex_.Unlock();
      absl::SleepFor(kGathering);
      mutex_.Lock();
    }
    lines.clear();
    lines.swap(waiting_);
    if (dropped_ > 0) {
      absl::StrAppend(&lines, "{\"event\":\"log_lines_dropped\",\"lines\":", dropped_, "}\n");
      dropped_ = 0;
    }
    mutex_.Unlock();
    WriteAll(file_, lines);
    mutex_.Lock();
  }
  mutex_.Unlock();
}

}  // namespace clustr
