#include "common/rpc/records/call_metrics.h"

#include <algorithm>

namespace clustr::rpc {
namespace {

// What `slot` points to; makes it if it is null, unless another thread does.
template <class T, class Argument>
T& GetOrMake(std::atomic<T*>& slot, Argument&& argument) {
  T* known = slot.load(std::memory_order_acquire);
  if (known != nullptr) return *known;
  T* made = new T(argument);
  if (slot.compare_exchange_strong(known, made, std::memory_order_acq_rel)) return *made;
  delete made;
  return *known;
}

}  // namespace

CallMetrics::OfMethod::~OfMethod() {
  for (std::atomic<Histogram*>& histogram : seconds) delete histogram.load();
}

CallMetrics::~CallMetrics() {
  for (std::atomic<OfMethod*>& method : methods_) delete method.load();
}

CallMetrics::OfMethod& CallMetrics::Of(const Method& method) {
  return GetOrMake(methods_[static_cast<size_t>(method.number)], method);
}

void CallMetrics::Ended(const Method& method, absl::StatusCode code, absl::Duration elapsed,
                        size_t received, size_t sent) {
  OfMethod& of = Of(method);
  const size_t index = std::min<size_t>(static_cast<size_t>(code), kCodes - 1);
  GetOrMake(of.seconds[index], SecondsBounds()).Observe(absl::ToDoubleSeconds(elapsed));
  of.received.Observe(static_cast<double>(received));
  of.sent.Observe(static_cast<double>(sent));
}

void CallMetrics::ForEach(absl::FunctionRef<void(const OfMethod&)> visit) const {
  for (const std::atomic<OfMethod*>& method : methods_) {
    if (const OfMethod* of = method.load(std::memory_order_acquire)) visit(*of);
  }
}

}  // namespace clustr::rpc
