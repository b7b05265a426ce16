#ifndef CLUSTR_COMMON_BASE_PAUSE_WATCH_H_
#define CLUSTR_COMMON_BASE_PAUSE_WATCH_H_

#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/steady_condition.h"
#include "common/base/steady_time.h"

namespace clustr {

// Ends the streams of clients that pause for too long: that neither send the next message nor take
// the last one, and so would keep a place from others. Has a thread, which looks about once a
// second. Thread-safe.
class PauseWatch {
 public:
  // The waits of one stream for its client.
  class Stream;

  explicit PauseWatch(absl::Duration max_pause);
  ~PauseWatch();
  PauseWatch(const PauseWatch&) = delete;
  PauseWatch& operator=(const PauseWatch&) = delete;

  // CANCELLED: what a stream ends with whose client has paused; `how`: `sent nothing`.
  absl::Status TooLong(absl::string_view how) const;

 private:
  void Watch();
  void Begin(Stream* stream);
  bool End(Stream* stream);
  // Returns only after the stream's `too_long` has returned, unless that is the caller.
  void Remove(Stream* stream);
  // A stream that has waited too long, which does not wait any more; nullptr if there is none.
  Stream* TakeOverdue() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const absl::Duration max_pause_;
  absl::Mutex mutex_;
  SteadyCondition changed_;
  absl::flat_hash_map<Stream*, SteadyTime> waiting_ ABSL_GUARDED_BY(mutex_);  // Since when.
  Stream* ending_stream_ ABSL_GUARDED_BY(mutex_) = nullptr;  // Whose `too_long` is running.
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

class PauseWatch::Stream {
 public:
  // `too_long` is called once at most, on the thread of the watch, which holds no lock then.
  Stream(PauseWatch* watch, std::function<void()> too_long)
      : watch_(*watch), too_long_(std::move(too_long)) {}
  ~Stream() { watch_.Remove(this); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // The stream waits for its client from now on; call this before what makes the client answer.
  void Begin() { watch_.Begin(this); }
  // The wait is over. False if it was too long: then `too_long` was called, or is about to be.
  bool End() { return watch_.End(this); }

 private:
  friend class PauseWatch;

  PauseWatch& watch_;
  const std::function<void()> too_long_;
};

}  // namespace clustr

#endif  // CLUSTR_COMMON_BASE_PAUSE_WATCH_H_
