#include "common/rpc/otlp/telemetry.h"

#include <utility>

#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/rpc/otlp/otlp_flags.h"
#include "grpc/grpc.h"
#include "grpcpp/support/channel_arguments.h"

namespace clustr::rpc {
namespace {

constexpr size_t kMaxWaitingSpans = 8'192;
constexpr int kMaxAnswerBytes = 64 << 10;

// Without pings, which collectors answer by ending the connection if they come often.
grpc::ChannelArguments Arguments() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxAnswerBytes);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 10'000);
  return arguments;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Telemetry>> Telemetry::Open(const std::string& service,
                                                           const std::string& version,
                                                           const Flags& flags) {
  CLUSTR_ASSIGN_OR_RETURN(OtlpSettings settings, ReadOtlpSettings(flags));
  std::unique_ptr<Telemetry> telemetry(new Telemetry);
  if (settings.collector.empty()) return telemetry;
  telemetry->sender_ = Sender::ThisProcess(service, version);
  telemetry->metrics_interval_ = settings.metrics_interval;
  Log(LogLevel::kInfo, "otlp",
      {{"collector", settings.collector},
       {"tls", settings.certificates == nullptr ? "no" : "yes"},
       {"instance", telemetry->sender_.instance}});
  telemetry->collector_ = std::make_unique<ClientChannel>(
      settings.collector, std::move(settings.certificates), Arguments());
  telemetry->tracer_ = std::make_unique<Tracer>(settings.sample, kMaxWaitingSpans);
  telemetry->spans_ = std::make_unique<SpanExport>(telemetry->tracer_.get(),
                                                   telemetry->collector_.get(), telemetry->sender_);
  return telemetry;
}

void Telemetry::AddMetrics(Metrics* metrics) const {
  const bool sends = spans_ != nullptr;
  metrics->Gauge("clustr_waiting_spans", "Spans that wait to be sent to the collector.",
                 sends ? static_cast<double>(tracer_->waiting()) : 0);
  const std::pair<const char*, int64_t> results[] = {{"sent", sends ? spans_->sent() : 0},
                                                     {"failed", sends ? spans_->failed() : 0},
                                                     {"dropped", sends ? tracer_->dropped() : 0}};
  for (const auto& [result, count] : results) {
    metrics->Counter("clustr_spans_total",
                     "Spans that the collector took, that it did not take, and that found no room.",
                     static_cast<double>(count), {{"result", result}});
  }
  for (const auto& [result, count] :
       {std::pair<const char*, const std::atomic<int64_t>*>("sent", &metrics_counts_.sent),
        {"failed", &metrics_counts_.failed}}) {
    metrics->Counter("clustr_metric_exports_total",
                     "Exports of these metrics that the collector took, and that it did not take.",
                     static_cast<double>(count->load()), {{"result", result}});
  }
}

void Telemetry::StartMetrics(std::function<void(Metrics*)> add) {
  if (collector_ == nullptr || metrics_interval_ == absl::ZeroDuration()) return;
  metrics_ = std::make_unique<MetricExport>(std::move(add), metrics_interval_, collector_.get(),
                                            sender_, &metrics_counts_);
}

void Telemetry::FinishMetrics() { metrics_.reset(); }

void Telemetry::FinishSpans() { spans_.reset(); }

}  // namespace clustr::rpc
