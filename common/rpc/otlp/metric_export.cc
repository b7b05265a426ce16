#include "common/rpc/otlp/metric_export.h"

#include <utility>

#include "absl/time/clock.h"
#include "common/rpc/otlp/metric_message.h"
#include "opentelemetry/proto/collector/metrics/v1/metrics_service.grpc.pb.h"

namespace clustr::rpc {
namespace {

namespace otlp = opentelemetry::proto::collector::metrics::v1;

}  // namespace

MetricExport::MetricExport(std::function<void(Metrics*)> add, absl::Duration interval,
                           const ClientChannel* collector, Sender sender, Counts* counts)
    : add_(std::move(add)),
      interval_(interval),
      collector_(*collector),
      sender_(std::move(sender)),
      delivery_("metrics", collector->address()),
      counts_(*counts),
      thread_([this] { Run(); }) {}

MetricExport::~MetricExport() {
  delivery_.End(kEndLimit);
  delivery_.AwaitDone();
  thread_.join();
}

void MetricExport::Run() {
  while (delivery_.Pause(interval_)) Export();
  Export();
  delivery_.Done();
}

void MetricExport::Export() {
  Metrics metrics;
  add_(&metrics);
  const otlp::ExportMetricsServiceRequest request =
      MessageOf(metrics, sender_, absl::GetCurrentTimeNanos());
  otlp::ExportMetricsServiceResponse response;
  const grpc::Status status = delivery_.Make([&](grpc::ClientContext* context) {
    return otlp::MetricsService::NewStub(collector_.Get())->Export(context, request, &response);
  });
  // A collector that took some of the points has not taken the export.
  const bool taken = status.ok() && response.partial_success().rejected_data_points() == 0;
  (taken ? counts_.sent : counts_.failed).fetch_add(1, std::memory_order_relaxed);
}

}  // namespace clustr::rpc
