#ifndef CLUSTR_TOOLS_CLUSTRCTL_RETRIED_WRITE_H_
#define CLUSTR_TOOLS_CLUSTRCTL_RETRIED_WRITE_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "tools/clustrctl/command.h"

namespace clustr::ctl {

// Returns a request_id that nobody has used.
std::string NewRequestId();

// Makes a unary call to sales that writes, and repeats it for about 6 seconds while sales is
// unavailable; the request_id of `request`, which must be set, makes that safe. If sales stays
// unavailable, the error says that `subject` `effect`, for example `the purchase was` `recorded`,
// did not happen if sales refused every attempt, and otherwise that this is not known.
template <class Stub, class Request, class Response>
absl::Status CallUntilAvailable(const Context& context,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                Stub& stub, const Request& request, const std::string& subject,
                                const std::string& effect, Response* response);

// The same for a call that is made by `call(&context)`.
absl::Status WriteUntilAvailable(const Context& context, const std::string& request_id,
                                 const std::string& subject, const std::string& effect,
                                 absl::FunctionRef<grpc::Status(grpc::ClientContext*)> call);

template <class Stub, class Request, class Response>
absl::Status CallUntilAvailable(const Context& context,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                Stub& stub, const Request& request, const std::string& subject,
                                const std::string& effect, Response* response) {
  return WriteUntilAvailable(
      context, request.request_id(), subject, effect,
      [&](grpc::ClientContext* rpc) { return (stub.*method)(rpc, request, response); });
}

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_RETRIED_WRITE_H_
