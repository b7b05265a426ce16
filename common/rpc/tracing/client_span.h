#ifndef CLUSTR_COMMON_RPC_TRACING_CLIENT_SPAN_H_
#define CLUSTR_COMMON_RPC_TRACING_CLIENT_SPAN_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/steady_time.h"
#include "common/rpc/tracing/trace.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"

namespace clustr::rpc {

// A call, or a stream, to another service of this project, as a part of a trace. For one thread.
class ClientSpan {
 public:
  // Before a call in the place `trace`, whose request is of the type `request`, to the service at
  // `server`, HOST:PORT. Sets the headers of `context`, which it does not keep. Borrows the tracer
  // of the trace.
  ClientSpan(Trace trace, const google::protobuf::Descriptor& request, std::string server,
             grpc::ClientContext* context);

  // The call has ended: records its span if the trace is sampled. To be called once.
  void End(const grpc::Status& status);

 private:
  const Trace trace_;
  absl::string_view method_;  // Unless the trace is sampled, neither this is set, nor what follows.
  std::string server_;
  SteadyTime start_;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_TRACING_CLIENT_SPAN_H_
