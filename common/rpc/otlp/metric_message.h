#ifndef CLUSTR_COMMON_RPC_OTLP_METRIC_MESSAGE_H_
#define CLUSTR_COMMON_RPC_OTLP_METRIC_MESSAGE_H_

#include <cstdint>

#include "common/rpc/otlp/resource.h"
#include "common/rpc/records/metrics.h"
#include "opentelemetry/proto/collector/metrics/v1/metrics_service.pb.h"

namespace clustr::rpc {

// The metrics, at the time `unix_nanos`, as the OpenTelemetry protocol has them: under the names
// and labels that Prometheus reads, and since the start of the process (cumulative). O(points).
opentelemetry::proto::collector::metrics::v1::ExportMetricsServiceRequest MessageOf(
    const Metrics& metrics, const Sender& sender, int64_t unix_nanos);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_OTLP_METRIC_MESSAGE_H_
