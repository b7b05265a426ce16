#ifndef CLUSTR_COMMON_RPC_OTLP_SPAN_EXPORT_H_
#define CLUSTR_COMMON_RPC_OTLP_SPAN_EXPORT_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>

#include "common/rpc/otlp/delivery.h"
#include "common/rpc/otlp/resource.h"
#include "common/rpc/security/client_channel.h"
#include "common/rpc/tracing/tracer.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.pb.h"

namespace clustr::rpc {

// Sends the spans of a tracer to a collector, on a thread of its own: 512 at a time, and once a
// second those that there are. Spans that a collector does not accept are sent again for a minute,
// after pauses that grow from 1 s to 15 s; then they are dropped. Thread-safe.
class SpanExport {
 public:
  // How long the process may wait for the last spans when it ends.
  static constexpr absl::Duration kEndLimit = absl::Seconds(2);

  // Starts the thread. Borrows both.
  SpanExport(Tracer* tracer, const ClientChannel* collector, Sender sender);
  // Sends what waits, within kEndLimit, and ends the thread.
  ~SpanExport();

  // Spans that the collector has accepted, and that it has not.
  int64_t sent() const { return sent_.load(std::memory_order_relaxed); }
  int64_t failed() const { return failed_.load(std::memory_order_relaxed); }

 private:
  using Request = opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest;

  void Run();
  void Send(const Request& request, int64_t spans);
  // Logs, once a minute at most, how many spans were lost since the last line.
  void TellLosses();

  Tracer& tracer_;
  const ClientChannel& collector_;
  const Sender sender_;
  Delivery delivery_;
  std::atomic<int64_t> sent_{0};
  std::atomic<int64_t> failed_{0};
  // Only the thread uses these two.
  int64_t told_ = 0;                       // Number of lost spans that the log has reported.
  Deadline next_line_{SteadyTime::min()};  // Before it, no further loss is logged.
  std::thread thread_;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_OTLP_SPAN_EXPORT_H_
