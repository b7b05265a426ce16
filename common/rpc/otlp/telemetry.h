#ifndef CLUSTR_COMMON_RPC_OTLP_TELEMETRY_H_
#define CLUSTR_COMMON_RPC_OTLP_TELEMETRY_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/rpc/flags.h"
#include "common/rpc/otlp/resource.h"
#include "common/rpc/otlp/span_export.h"
#include "common/rpc/records/metrics.h"
#include "common/rpc/security/client_channel.h"
#include "common/rpc/tracing/tracer.h"

namespace clustr::rpc {

// What a server sends to a collector of OpenTelemetry, if it has one. Whatever that collector does,
// no call waits for it, memory is bounded, and what is lost is counted. Thread-safe.
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

  // Adds how much was sent and lost: zeros without a collector.
  void AddMetrics(Metrics* metrics) const;
  // What an operator must do about the certificates, "" for nothing.
  std::string Problem() const { return collector_ == nullptr ? "" : collector_->Problem(); }

  // Sends the spans that wait, within SpanExport::kEndLimit, and then no more. Nothing may call
  // AddMetrics meanwhile or afterwards. The destructor does the same.
  void FinishSpans();

 private:
  Telemetry() = default;

  std::unique_ptr<Tracer> tracer_;
  std::unique_ptr<ClientChannel> collector_;
  std::unique_ptr<SpanExport> spans_;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_OTLP_TELEMETRY_H_
