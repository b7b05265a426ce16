#include "common/rpc/tracing/client_span.h"

#include <utility>

#include "absl/time/clock.h"
#include "common/rpc/access/method.h"
#include "common/rpc/tracing/tracer.h"

namespace clustr::rpc {

ClientSpan::ClientSpan(Trace trace, const google::protobuf::Descriptor& request, std::string server,
                       grpc::ClientContext* context)
    : trace_(std::move(trace)) {
  trace_.PassOn(context);
  if (trace_.tracer == nullptr) return;
  method_ = MethodTaking(request).name;
  server_ = std::move(server);
  start_ = SteadyNow();
}

void ClientSpan::End(const grpc::Status& status) {
  if (trace_.tracer == nullptr) return;
  trace_.tracer->Record({.trace = trace_,
                         .kind = Span::Kind::kClient,
                         .method = method_,
                         .server = std::move(server_),
                         .end_unix_nanos = absl::GetCurrentTimeNanos(),
                         .elapsed = Since(start_),
                         .code = static_cast<absl::StatusCode>(status.error_code()),
                         .reason = ""});
}

}  // namespace clustr::rpc
