#ifndef CLUSTR_COMMON_RPC_OTLP_TELEMETRY_H_
#define CLUSTR_COMMON_RPC_OTLP_TELEMETRY_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/flags.h"
#include "common/rpc/otlp/metric_export.h"
#include "common/rpc/otlp/resource.h"
#include "common/rpc/otlp/span_export.h"
#include "common/rpc/records/metrics.h"
#include "common/rpc/security/client_channel.h"
#include "common/rpc/tracing/tracer.h"

namespace clustr::rpc {

// Sends the spans and metrics of a server to a collector of OpenTelemetry, if the flags name one. A
// slow or dead collector delays no call, the memory for spans is bounded, and lost ones are
// counted. Thread-safe.
class Telemetry {
 public:
  // As the flags say, for the program `service`, such as `clustr-sales`. Errors as
  // ReadOtlpSettings.
  static absl::StatusOr<std::unique_ptr<Telemetry>> Open(const std::string& service,
                                                         const std::string& version,
                                                         const Flags& flags);

  // Null if no spans are sent. It lives as long as this, but what it records after FinishSpans is
  // lost.
  Tracer* tracer() { return tracer_.get(); }

  // From now on, sends the metrics that `add` makes at the interval of --otlp-metrics-seconds. Does
  // nothing if there is no collector or the interval is 0. To be called once.
  void StartMetrics(std::function<void(Metrics*)> add);
  // Sends the metrics a last time, within MetricExport::kEndLimit, and no longer calls `add`.
  void FinishMetrics();

  // Adds how much was sent and lost: zeros without a collector.
  void AddMetrics(Metrics* metrics) const;
  // What an operator must do about the certificates, "" for nothing.
  std::string Problem() const { return collector_ == nullptr ? "" : collector_->Problem(); }

  // Sends the spans that wait, within SpanExport::kEndLimit, and then no more. Nothing may call
  // AddMetrics meanwhile or afterwards. The destructor does the same.
  void FinishSpans();

 private:
  Telemetry() = default;

  Sender sender_;
  absl::Duration metrics_interval_;
  std::unique_ptr<Tracer> tracer_;
  std::unique_ptr<ClientChannel> collector_;
  std::unique_ptr<SpanExport> spans_;
  MetricExport::Counts metrics_counts_;
  std::unique_ptr<MetricExport> metrics_;  // Its thread calls AddMetrics.
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_OTLP_TELEMETRY_H_
