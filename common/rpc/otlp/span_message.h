#ifndef CLUSTR_COMMON_RPC_OTLP_SPAN_MESSAGE_H_
#define CLUSTR_COMMON_RPC_OTLP_SPAN_MESSAGE_H_

#include "absl/types/span.h"
#include "common/rpc/otlp/resource.h"
#include "common/rpc/tracing/span.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.pb.h"

namespace clustr::rpc {

// The spans as the OpenTelemetry protocol has them, with the names of its semantic conventions for
// gRPC. O(spans).
opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest MessageOf(
    absl::Span<const Span> spans, const Sender& sender);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_OTLP_SPAN_MESSAGE_H_
