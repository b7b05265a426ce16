#ifndef CLUSTR_TOOLS_CLUSTRCTL_SERVICES_H_
#define CLUSTR_TOOLS_CLUSTRCTL_SERVICES_H_

#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/status.h"

namespace clustr::ctl {

// One of the three services. The channel connects at its first use.
struct Service {
  std::string name;     // `catalog`, `sales` or `bundles`.
  std::string address;  // HOST:PORT.
  std::shared_ptr<grpc::Channel> channel;
};

// Returns a service with a channel that uses no proxy, retries a lost connection at least once a
// second, spreads calls over all servers that the address names, and repeats those that only read,
// up to three times, while they end with UNAVAILABLE.
Service Connect(std::string name, std::string address,
                const std::shared_ptr<grpc::ChannelCredentials>& credentials);

// The error of a call as clustrctl prints it: with the service, its address and the message, and if
// nobody answered, with the server to start. The code is RESOURCE_EXHAUSTED for a limit,
// UNAVAILABLE for a call that may be tried again, FAILED_PRECONDITION for every other error. OK
// stays OK.
absl::Status ServiceError(const Service& service, const grpc::Status& status);

// True if the service itself refused the call and so changed nothing. False for an error that gRPC
// reports, after which it is unknown whether the call took effect.
bool RefusedByService(const grpc::Status& status);

// Sets the deadline of a call.
void SetTimeout(double seconds, grpc::ClientContext* context);

// Calls `call(&context)`, with a new context for each attempt, and again for about 6 seconds while
// it returns UNAVAILABLE. Returns the status of the last attempt. The call must be idempotent.
grpc::Status RetryWhileUnavailable(double timeout_seconds,
                                   absl::FunctionRef<grpc::Status(grpc::ClientContext*)> call);

// Makes a unary call: Call(service, &Stub::Method, stub, seconds, request, &response).
template <class Stub, class Request, class Response>
absl::Status Call(const Service& service,
                  grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                  Stub& stub, double timeout_seconds, const Request& request, Response* response) {
  grpc::ClientContext context;
  SetTimeout(timeout_seconds, &context);
  return ServiceError(service, (stub.*method)(&context, request, response));
}

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_SERVICES_H_
