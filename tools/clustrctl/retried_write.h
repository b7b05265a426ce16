#ifndef CLUSTR_TOOLS_CLUSTRCTL_RETRIED_WRITE_H_
#define CLUSTR_TOOLS_CLUSTRCTL_RETRIED_WRITE_H_

#include <chrono>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "tools/clustrctl/command.h"

namespace clustr::ctl {

// A request_id that nobody has used.
std::string NewRequestId();

// A unary call that writes, made again for some seconds while sales is unavailable: its request_id,
// which must be set, makes that safe. `effect` says in the error what is then not known, for
// example `the purchase was recorded`.
template <class Stub, class Request, class Response>
absl::Status CallUntilAvailable(const Context& context,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                Stub& stub, const Request& request, const std::string& effect,
                                Response* response) {
  constexpr int kAttempts = 6;
  auto pause = std::chrono::milliseconds(200);
  for (int attempt = 1;; ++attempt) {
    const absl::Status status =
        Call(context.sales, method, stub, context.timeout_seconds, request, response);
    if (!absl::IsUnavailable(status)) return status;
    if (attempt == kAttempts) {
      return absl::UnavailableError(absl::StrCat(status.message(), ". Whether ", effect,
                                                 " is not known; the same call with --request-id=",
                                                 request.request_id(), " has its effect once"));
    }
    std::this_thread::sleep_for(pause);
    pause *= 2;
  }
}

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_RETRIED_WRITE_H_
