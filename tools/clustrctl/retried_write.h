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
// which must be set, makes that safe. The error of the last try says that `subject` `effect`, for
// example `the purchase was` `recorded`, did not happen if sales refused every try, and else that
// it is not known.
template <class Stub, class Request, class Response>
absl::Status CallUntilAvailable(const Context& context,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                Stub& stub, const Request& request, const std::string& subject,
                                const std::string& effect, Response* response) {
  constexpr int kAttempts = 6;
  auto pause = std::chrono::milliseconds(200);
  bool always_refused = true;
  for (int attempt = 1;; ++attempt) {
    grpc::ClientContext rpc;
    SetTimeout(context.timeout_seconds, &rpc);
    const grpc::Status answer = (stub.*method)(&rpc, request, response);
    const absl::Status status = ServiceError(context.sales, answer);
    if (!absl::IsUnavailable(status)) return status;
    always_refused = always_refused && RefusedByService(answer);
    if (attempt == kAttempts) {
      if (always_refused) {
        return absl::UnavailableError(
            absl::StrCat(status.message(), "; ", subject, " not ", effect));
      }
      return absl::UnavailableError(
          absl::StrCat(status.message(), ". Whether ", subject, " ", effect,
                       " is not known; the same call with --request-id=", request.request_id(),
                       " has its effect once"));
    }
    std::this_thread::sleep_for(pause);
    pause *= 2;
  }
}

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_RETRIED_WRITE_H_
