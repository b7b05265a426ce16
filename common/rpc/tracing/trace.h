#ifndef CLUSTR_COMMON_RPC_TRACING_TRACE_H_
#define CLUSTR_COMMON_RPC_TRACING_TRACE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "grpcpp/client_context.h"
#include "grpcpp/server_context.h"

namespace clustr::rpc {

class Tracer;

// The place of a call in a trace, after the W3C recommendation Trace Context. A value.
struct Trace {
  std::string trace_id;   // 32 hexadecimal digits.
  std::string span_id;    // 16 hexadecimal digits, of this call.
  std::string parent_id;  // Likewise, of the call that needed this one; "" if this is the first.
  std::string state;      // The header `tracestate`, which is passed on as it came.
  bool sampled = false;
  // Records the span of this call, and those of calls that it needs. Null if nobody does, because
  // the trace is not sampled, or this server sends no spans. Borrowed.
  Tracer* tracer = nullptr;

  // The trace that `traceparent` names, with a new span; a new trace, which is not sampled, if it
  // names none. Then `tracestate` is dropped, and also if gRPC could not send it or it has more
  // than 512 bytes.
  static Trace Under(absl::string_view traceparent, absl::string_view tracestate = "");
  // The same for a call that has arrived.
  static Trace Of(const grpc::ServerContextBase& context);
  // The place of a call that this one needs.
  Trace Child() const;

  // As the header `traceparent`.
  std::string Traceparent() const;
  // Makes the call that `context` is for a part of the trace, in this place.
  void PassOn(grpc::ClientContext* context) const;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_TRACING_TRACE_H_
