#ifndef CLUSTR_COMMON_RPC_ACCESS_PRINCIPAL_H_
#define CLUSTR_COMMON_RPC_ACCESS_PRINCIPAL_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "grpcpp/server_context.h"

// Who calls, as clustr.ops.v1.Grant names callers.
namespace clustr::rpc {

inline constexpr char kAnonymous[] = "anonymous";

// What a connection tells about its client.
struct Connected {
  bool tls = false;
  // By the certificate of the client: `spiffe://…`, `dns:NAME` or `cn:NAME`; kAnonymous without
  // one.
  std::string principal = kAnonymous;
};
Connected ConnectedOf(const grpc::ServerContextBase& context);

// The bearer token that came with the call, in the metadata `authorization`; unset if none did. The
// text is borrowed from the context.
std::optional<absl::string_view> BearerTokenOf(const grpc::ServerContextBase& context);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_ACCESS_PRINCIPAL_H_
