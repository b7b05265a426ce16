#include "tools/clustrctl/retried_write.h"

#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace clustr::ctl {

std::string NewRequestId() {
  std::random_device device;
  return absl::StrFormat("clustrctl-%08x%08x%08x%08x", device(), device(), device(), device());
}

absl::Status WriteUntilAvailable(const Context& context, const std::string& request_id,
                                 const std::string& subject, const std::string& effect,
                                 absl::FunctionRef<grpc::Status(grpc::ClientContext*)> call) {
  bool always_refused = true;
  const grpc::Status answer =
      RetryWhileUnavailable(context.timeout_seconds, [&](grpc::ClientContext* rpc) {
        const grpc::Status status = call(rpc);
        always_refused = always_refused && RefusedByService(status);
        return status;
      });
  const absl::Status status = ServiceError(context.sales, answer);
  if (!absl::IsUnavailable(status)) return status;
  if (always_refused) {
    return absl::UnavailableError(absl::StrCat(status.message(), "; ", subject, " not ", effect));
  }
  return absl::UnavailableError(absl::StrCat(
      status.message(), ". It is not known whether ", subject, " ", effect,
      "; repeat the command with --request-id=", request_id, ", which takes effect only once"));
}

}  // namespace clustr::ctl
