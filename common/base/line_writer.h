#ifndef CLUSTR_COMMON_BASE_LINE_WRITER_H_
#define CLUSTR_COMMON_BASE_LINE_WRITER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace clustr {

// Writes lines to a file descriptor from its own thread. Lines that arrive within about 10 ms are
// written together, so a caller pays for a copy of its line but not for a context switch or a
// system call, and it never waits for a slow reader. Thread-safe.
class LineWriter {
 public:
  // Borrows the descriptor `file`, which must stay open until Finish returns. Buffers less than
  // `max_waiting_bytes` for a slow reader; lines beyond that are dropped, and the line that
  // `dropped_line` makes of their number is written instead. Lines that cannot be written are lost.
  LineWriter(int file, size_t max_waiting_bytes, std::function<std::string(int64_t)> dropped_line);
  ~LineWriter() { Finish(); }
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  // Queues `line`, given without its line feed. Never blocks on I/O.
  void Put(absl::string_view line);

  // Writes the queued lines and joins the thread; lines put later are dropped. Gives up after about
  // a second if the reader of the file has stalled, so that it never holds up the end of a process.
  // May be called twice, but not from two threads at once.
  void Finish();

 private:
  void Run();
  // True once Finish was called and its time for the last lines is over.
  bool OutOfTime() const;

  const int file_;
  const size_t max_waiting_bytes_;
  const std::function<std::string(int64_t)> dropped_line_;
  mutable absl::Mutex mutex_;
  absl::CondVar not_empty_;
  std::string waiting_ ABSL_GUARDED_BY(mutex_);
  int64_t dropped_ ABSL_GUARDED_BY(mutex_) = 0;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  std::chrono::steady_clock::time_point give_up_ ABSL_GUARDED_BY(mutex_) =
      std::chrono::steady_clock::time_point::max();
  std::thread thread_;  // Declared last because it uses the members above.
};

}  // namespace clustr

#endif  // CLUSTR_COMMON_BASE_LINE_WRITER_H_
