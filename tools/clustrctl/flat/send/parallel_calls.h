#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_SEND_PARALLEL_CALLS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_SEND_PARALLEL_CALLS_H_

#include <cstddef>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"
#include "tools/clustrctl/services.h"

namespace clustr::ctl {

// Calls `work(i)` for each i below `count` on up to 64 threads, in no particular order. Returns the
// first error and starts no further work after it. `label` names the work on the progress bar.
// `work` must be thread-safe.
absl::Status ForEachInParallel(const std::string& label, size_t count,
                               absl::FunctionRef<absl::Status(size_t)> work);

// True if the error is about this request alone: it is invalid, or does not fit what is stored.
// False if other requests would fail with the same error.
bool IsRefusal(const grpc::Status& status);

// Makes a unary call, and repeats it for about 6 seconds while the service is unavailable.
// `request` must have its effect once, however often it is sent.
template <class Stub, class Request, class Response>
grpc::Status CallAgain(Stub& stub,
                       grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                    Response*),
                       double timeout_seconds, const Request& request, Response* response) {
  return RetryWhileUnavailable(timeout_seconds, [&](grpc::ClientContext* context) {
    return (stub.*method)(context, request, response);
  });
}

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_SEND_PARALLEL_CALLS_H_
