#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_SEND_PARALLEL_CALLS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_SEND_PARALLEL_CALLS_H_

#include <chrono>
#include <cstddef>
#include <string>
#include <thread>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"
#include "tools/clustrctl/services.h"

namespace clustr::ctl {

// Calls `work(i)` for each i below `count` on up to 64 threads, in no order, and returns the first
// error: no work is begun after it. `label` names the work on a progress bar.
absl::Status ForEachInParallel(const std::string& label, size_t count,
                               absl::FunctionRef<absl::Status(size_t)> work);

// True for what a service says of one request (it is wrong, or does not fit what is stored), false
// for what would befall any other request as well.
bool IsRefusal(const grpc::Status& status);

// A unary call, made again for some seconds while the service is unavailable: the effect of
// `request` must come once however often it is sent.
template <class Stub, class Request, class Response>
grpc::Status CallAgain(Stub& stub,
                       grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                    Response*),
                       double timeout_seconds, const Request& request, Response* response) {
  constexpr int kAttempts = 6;
  auto pause = std::chrono::milliseconds(200);
  for (int attempt = 1;; ++attempt) {
    grpc::ClientContext context;
    SetTimeout(timeout_seconds, &context);
    grpc::Status status = (stub.*method)(&context, request, response);
    if (status.error_code() != grpc::StatusCode::UNAVAILABLE || attempt == kAttempts) return status;
    std::this_thread::sleep_for(pause);
    pause *= 2;
  }
}

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_SEND_PARALLEL_CALLS_H_
