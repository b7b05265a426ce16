#ifndef CLUSTR_COMMON_RPC_OTLP_METRIC_EXPORT_H_
#define CLUSTR_COMMON_RPC_OTLP_METRIC_EXPORT_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>

#include "absl/time/time.h"
#include "common/rpc/otlp/delivery.h"
#include "common/rpc/otlp/resource.h"
#include "common/rpc/records/metrics.h"
#include "common/rpc/security/client_channel.h"

namespace clustr::rpc {

// Sends the metrics of a server to a collector at regular intervals, on a thread of its own, and
// once more at the end. As they count from the start of the process, nothing is missing after an
// interval in which the collector did not take them. Thread-safe.
class MetricExport {
 public:
  // Exports that the collector has accepted, and that it has not.
  struct Counts {
    std::atomic<int64_t> sent{0};
    std::atomic<int64_t> failed{0};
  };

  // How long the process may wait for the last metrics when it ends.
  static constexpr absl::Duration kEndLimit = absl::Seconds(1);

  // Starts the thread, which calls `add` for each export. Borrows the collector and the counts.
  MetricExport(std::function<void(Metrics*)> add, absl::Duration interval,
               const ClientChannel* collector, Sender sender, Counts* counts);
  // Sends the metrics a last time, within kEndLimit, and ends the thread.
  ~MetricExport();

 private:
  void Run();
  void Export();

  const std::function<void(Metrics*)> add_;
  const absl::Duration interval_;
  const ClientChannel& collector_;
  const Sender sender_;
  Delivery delivery_;
  Counts& counts_;
  std::thread thread_;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_OTLP_METRIC_EXPORT_H_
