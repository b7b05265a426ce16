#include "common/base/line_writer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/bounded_write.h"

namespace clustr {
namespace {

// How long lines are collected before they are written together.
constexpr absl::Duration kGathering = absl::Milliseconds(10);
// How long Finish waits for a stalled reader.
constexpr std::chrono::seconds kLastWords{1};

}  // namespace

LineWriter::LineWriter(int file, size_t max_waiting_bytes,
                       std::function<std::string(int64_t)> dropped_line)
    : file_(file),
      max_waiting_bytes_(max_waiting_bytes),
      dropped_line_(std::move(dropped_line)),
      thread_([this] { Run(); }) {}

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
    if (!finished_) give_up_ = std::chrono::steady_clock::now() + kLastWords;
    finished_ = true;
    not_empty_.Signal();
  }
  if (thread_.joinable()) thread_.join();
}

bool LineWriter::OutOfTime() const {
  absl::MutexLock lock(&mutex_);
  return std::chrono::steady_clock::now() >= give_up_;
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
      absl::StrAppend(&lines, dropped_line_(dropped_), "\n");
      dropped_ = 0;
    }
    mutex_.Unlock();
    WriteUnless(file_, lines, [this] { return OutOfTime(); });
    mutex_.Lock();
  }
  mutex_.Unlock();
}

}  // namespace clustr
