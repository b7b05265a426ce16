#ifndef CLUSTR_COMMON_BASE_LINE_WRITER_H_
#define CLUSTR_COMMON_BASE_LINE_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace clustr {

// Writes lines to a file descriptor from a thread of its own, all that came within some
// milliseconds at once: a caller pays for a copy, not for a change of thread or a system call, and
// never waits for the reader. Thread-safe.
class LineWriter {
 public:
  // Borrows `file`. Keeps up to `max_waiting_bytes` for a reader that is slow; what finds no room
  // is dropped, and a line says how many were.
  LineWriter(int file, size_t max_waiting_bytes);
  ~LineWriter() { Finish(); }
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  // `line` without its end.
  void Put(absl::string_view line);

  // Writes what waits and ends the thread; lines that come later are dropped.
  void Finish();

 private:
  void Run();

  const int file_;
  const size_t max_waiting_bytes_;
  absl::Mutex mutex_;
  absl::CondVar not_empty_;
  std::string waiting_ ABSL_GUARDED_BY(mutex_);
  int64_t dropped_ ABSL_GUARDED_BY(mutex_) = 0;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // Last, because it uses all the others.
};

}  // namespace clustr

#endif  // CLUSTR_COMMON_BASE_LINE_WRITER_H_
