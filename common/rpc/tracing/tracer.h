#ifndef CLUSTR_COMMON_RPC_TRACING_TRACER_H_
#define CLUSTR_COMMON_RPC_TRACING_TRACER_H_

#include <cstdint>
#include <deque>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/steady_condition.h"
#include "common/rpc/tracing/span.h"
#include "common/rpc/tracing/trace.h"
#include "grpcpp/server_context.h"

namespace clustr::rpc {

// Decides which traces that begin here are sampled, and keeps the spans of sampled ones until they
// are sent. A call never waits for that: what finds no room is dropped and counted. Thread-safe.
class Tracer {
 public:
  // Samples a share of `rate`, from 0 to 1, of the traces that begin here. Keeps `max_waiting`
  // spans at most, each some 300 bytes.
  Tracer(double rate, size_t max_waiting) : rate_(rate), max_waiting_(max_waiting) {}
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  // A new trace.
  Trace Begin();
  // The trace of a call that has arrived: that of its caller, whose decision about sampling holds;
  // a new one if the caller names none.
  Trace Arrived(const grpc::ServerContextBase& context);

  // True for a share of `rate` of random ids, 32 hexadecimal digits each, and for one id always the
  // same: an id that is sampled at a rate is sampled at each greater rate.
  static bool IsSampled(absl::string_view trace_id, double rate);

  // A call has ended. Costs a lock and a copy.
  void Record(Span span) ABSL_LOCKS_EXCLUDED(mutex_);

  // Takes up to `max` spans, the oldest first. Blocks until so many wait, `patience` has passed, or
  // Stop was called. For one thread.
  std::vector<Span> Take(size_t max, absl::Duration patience) ABSL_LOCKS_EXCLUDED(mutex_);
  // Take no longer blocks.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

  size_t waiting() const ABSL_LOCKS_EXCLUDED(mutex_);
  // Spans that found no room.
  int64_t dropped() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // Decides about a trace that begins here, and has the spans of a sampled one recorded.
  Trace Decided(Trace trace);

  const double rate_;
  const size_t max_waiting_;
  mutable absl::Mutex mutex_;
  SteadyCondition changed_;  // Enough spans wait, or stopped_ has changed.
  std::deque<Span> waiting_ ABSL_GUARDED_BY(mutex_);
  size_t wanted_ ABSL_GUARDED_BY(mutex_) = 0;  // Spans that Take waits for; 0 if it does not wait.
  int64_t dropped_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
};

// A new trace; one that is not sampled if there is no tracer.
Trace BeginTrace(Tracer* tracer);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_TRACING_TRACER_H_
