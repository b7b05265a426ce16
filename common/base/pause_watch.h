#ifndef CLUSTR_COMMON_BASE_PAUSE_WATCH_H_
#define CLUSTR_COMMON_BASE_PAUSE_WATCH_H_

#include <cstdint>
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

// The rate, in bytes per second, below which a client counts as pausing while a server waits for it
// to send or to take a message. Any network connection that works is faster.
inline constexpr int64_t kLeastBytesPerSecond = 1024;

// One message may take at most this many times the allowed pause. Bytes are counted for a whole
// connection, so other calls on it, of this client or of others behind the same proxy, could
// otherwise keep a silent stream open for ever.
inline constexpr int kMaxPausesPerMessage = 10;

// True if a client that sent or took `bytes` in `time` does not pause.
inline bool IsMoving(int64_t bytes, absl::Duration time) {
  return static_cast<double>(bytes) >= kLeastBytesPerSecond * absl::ToDoubleSeconds(time);
}

// Ends the streams of clients that pause for too long: that neither send the next message nor take
// the last one, nor a part of it, and so would keep a place from others; and those whose message
// takes kMaxPausesPerMessage pauses. Has a thread, which looks about once a second. Thread-safe.
class PauseWatch {
 public:
  // The waits of one stream for its client.
  class Stream;

  explicit PauseWatch(absl::Duration max_pause);
  ~PauseWatch();
  PauseWatch(const PauseWatch&) = delete;
  PauseWatch& operator=(const PauseWatch&) = delete;

  // CANCELLED with reason CLIENT_PAUSED: what a stream ends with whose client has paused, or whose
  // message took too long in all; `how`: `sent` or `took`.
  absl::Status TooLong(absl::string_view how) const;

 private:
  struct Wait {
    SteadyTime end;     // When it is too long, whatever the client moves.
    SteadyTime since;   // When the client was last found to move enough, or the wait began.
    int64_t moved = 0;  // How many bytes it had moved then.
  };

  void Watch();
  // A wait of `longest` at most.
  void Begin(Stream* stream, absl::Duration longest);
  bool End(Stream* stream);
  // Returns only after the stream's `too_long` has returned, unless that is the caller.
  void Remove(Stream* stream);
  // A stream that has waited too long, which does not wait any more; nullptr if there is none.
  Stream* TakeOverdue() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const absl::Duration max_pause_;
  absl::Mutex mutex_;
  SteadyCondition changed_;
  absl::flat_hash_map<Stream*, Wait> waiting_ ABSL_GUARDED_BY(mutex_);
  Stream* ending_stream_ ABSL_GUARDED_BY(mutex_) = nullptr;  // Whose `too_long` is running.
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

class PauseWatch::Stream {
 public:
  // `too_long` is called once at most for each Begin, on the thread of the watch, which holds no
  // lock then. `moved` tells how many bytes the client has moved so far: a wait is too long only if
  // it did not move enough of them for as long as the watch says (see IsMoving), or if it lasts
  // kMaxPausesPerMessage times as long. It is called under a lock and must not call the watch;
  // without it, none counts as moved.
  Stream(PauseWatch* watch, std::function<void()> too_long, std::function<int64_t()> moved = {})
      : watch_(*watch), too_long_(std::move(too_long)), moved_(std::move(moved)) {}
  ~Stream() { watch_.Remove(this); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // The stream waits for its client from now on; call this before what makes the client answer.
  void Begin() { watch_.Begin(this, kMaxPausesPerMessage * watch_.max_pause_); }
  // The same, but the wait is too long after one pause, whatever the client moves.
  void BeginForTimeAlone() { watch_.Begin(this, watch_.max_pause_); }
  // The wait is over. False if it was too long: then `too_long` was called, or is about to be.
  bool End() { return watch_.End(this); }

 private:
  friend class PauseWatch;

  int64_t moved() const { return moved_ == nullptr ? 0 : moved_(); }

  PauseWatch& watch_;
  const std::function<void()> too_long_;
  const std::function<int64_t()> moved_;
};

}  // namespace clustr

#endif  // CLUSTR_COMMON_BASE_PAUSE_WATCH_H_
