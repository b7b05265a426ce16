#ifndef CLUSTR_COMMON_RPC_RECORDS_TRACE_H_
#define CLUSTR_COMMON_RPC_RECORDS_TRACE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "grpcpp/client_context.h"
#include "grpcpp/server_context.h"

namespace clustr::rpc {

// The place of a call in a trace, after the W3C recommendation Trace Context. A value.
struct Trace {
  std::string trace_id;  // 32 hexadecimal digits.
  std::string span_id;   // 16 hexadecimal digits, of this call.
  bool sampled = false;

  // The trace that `traceparent` names, with a new span; a new trace if it names none.
  static Trace Under(absl::string_view traceparent);
  // The same for a call that has arrived.
  static Trace Of(const grpc::ServerContextBase& context);

  // As the header `traceparent`.
  std::string Traceparent() const;
  // Makes a call to another service a part of this trace.
  void PassOn(grpc::ClientContext* context) const;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_RECORDS_TRACE_H_
