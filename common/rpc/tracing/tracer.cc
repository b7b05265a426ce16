#include "common/rpc/tracing/tracer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/numbers.h"

namespace clustr::rpc {

bool Tracer::IsSampled(absl::string_view trace_id, double rate) {
  // The last 14 digits are those that a trace id promises to be random, if it promises any. A
  // double holds the first 53 of their 56 bits exactly.
  uint64_t random = 0;
  if (!absl::SimpleHexAtoi(trace_id.substr(trace_id.size() - 14), &random)) return false;
  constexpr double kNumbers = 0x1p53;
  return static_cast<double>(random >> 3) < rate * kNumbers;
}

Trace Tracer::Decided(Trace trace) {
  if (trace.parent_id.empty()) trace.sampled = IsSampled(trace.trace_id, rate_);
  if (trace.sampled) trace.tracer = this;
  return trace;
}

Trace Tracer::Begin() { return Decided(Trace::Under("")); }

Trace Tracer::Arrived(const grpc::ServerContextBase& context) {
  return Decided(Trace::Of(context));
}

void Tracer::Record(Span span) {
  absl::MutexLock lock(&mutex_);
  if (waiting_.size() >= max_waiting_) {
    ++dropped_;
    return;
  }
  waiting_.push_back(std::move(span));
  if (waiting_.size() == wanted_) changed_.NotifyAll();
}

std::vector<Span> Tracer::Take(size_t max, absl::Duration patience) {
  absl::MutexLock lock(&mutex_);
  wanted_ = max;
  changed_.WaitUntil(&mutex_, Deadline::In(patience), [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    return stopped_ || waiting_.size() >= wanted_;
  });
  wanted_ = 0;
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(max, waiting_.size()));
  std::vector<Span> taken(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return taken;
}

void Tracer::Stop() {
  absl::MutexLock lock(&mutex_);
  stopped_ = true;
  changed_.NotifyAll();
}

size_t Tracer::waiting() const {
  absl::MutexLock lock(&mutex_);
  return waiting_.size();
}

int64_t Tracer::dropped() const {
  absl::MutexLock lock(&mutex_);
  return dropped_;
}

Trace BeginTrace(Tracer* tracer) { return tracer == nullptr ? Trace::Under("") : tracer->Begin(); }

}  // namespace clustr::rpc
