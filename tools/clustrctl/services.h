#ifndef CLUSTR_TOOLS_CLUSTRCTL_SERVICES_H_
#define CLUSTR_TOOLS_CLUSTRCTL_SERVICES_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"

namespace clustr::ctl {

// One of the three services: its name, where it is, and a channel to it, which connects at first
// use.
struct Service {
  std::string name;     // catalog, sales or bundles.
  std::string address;  // HOST:PORT.
  std::shared_ptr<grpc::Channel> channel;
};

// A channel without a proxy and without a bound on what it receives.
Service Connect(std::string name, std::string address);

// The error of a call in words for a person: who answered, where, the message, and what to start if
// nobody answered. The code is RESOURCE_EXHAUSTED for a limit, UNAVAILABLE for a call that may be
// tried again, FAILED_PRECONDITION for every other refusal. OK stays OK.
absl::Status ServiceError(const Service& service, const grpc::Status& status);

// True if the service itself refused the call, and so did nothing; false for what gRPC finds on the
// way there or back, where that is not known.
bool RefusedByService(const grpc::Status& status);

// Sets the deadline of a call.
void SetTimeout(double seconds, grpc::ClientContext* context);

// A unary call: Call(service, &Stub::Method, stub, seconds, request, &response).
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
