#ifndef CLUSTR_COMMON_RPC_ACCESS_GATEKEEPER_H_
#define CLUSTR_COMMON_RPC_ACCESS_GATEKEEPER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/access/access_files.h"
#include "common/rpc/access/method.h"
#include "common/rpc/access/policy.h"
#include "common/rpc/access/rate_limit.h"
#include "common/rpc/flags.h"
#include "grpcpp/server_context.h"

namespace clustr::rpc {

// The decision about a call, and who makes the call.
struct Admission {
  absl::Status status;    // OK if the call may be carried out.
  std::string principal;  // Who calls, as clustr.ops.v1.Grant names callers.
  Roles roles;
};

// Decides whether a call may be carried out: by the policy, if there is one, and by the rate of its
// caller. Thread-safe.
class Gatekeeper {
 public:
  // The flags that Make reads.
  static std::vector<Flag> FlagsOf();
  // INVALID_ARGUMENT, with a text for an operator, if a flag or a file cannot be used.
  static absl::StatusOr<std::unique_ptr<Gatekeeper>> Make(const Flags& flags);

  // `tls` is whether the server takes its connections over TLS; it takes none in plaintext then.
  Gatekeeper(std::unique_ptr<AccessFiles> files, bool tls, int64_t calls_per_second)
      : files_(std::move(files)), tls_(tls), rate_(calls_per_second) {}

  // UNAUTHENTICATED with reason TOKEN_INVALID, PERMISSION_DENIED with reason ROLE_MISSING, or
  // RESOURCE_EXHAUSTED with reason RATE_LIMIT. Costs less than a microsecond or two.
  Admission Admit(const grpc::ServerContextBase& context, const Method& method);

  // The problem of the files for GetStatus, with its remedy; "" if there is none.
  std::string Problem() const { return files_->Problem(); }

 private:
  const std::unique_ptr<AccessFiles> files_;
  const bool tls_;
  RateLimit rate_;
};

// The error for a caller that lacks `role`: PERMISSION_DENIED with reason ROLE_MISSING, whose text
// and metadata name the caller, the role and the method.
absl::Status RoleMissing(const std::string& principal, options::v1::Role role,
                         const Method& method);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_ACCESS_GATEKEEPER_H_
