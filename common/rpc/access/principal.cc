#include "common/rpc/access/principal.h"

#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "grpc/grpc_security_constants.h"
#include "grpcpp/security/auth_context.h"

namespace clustr::rpc {
namespace {

// The first value of a property; "" if there is none.
std::string First(const grpc::AuthContext& context, const char* property) {
  const std::vector<grpc::string_ref> values = context.FindPropertyValues(property);
  return values.empty() ? "" : std::string(values.front().data(), values.front().size());
}

}  // namespace

Connected ConnectedOf(const grpc::ServerContextBase& context) {
  const std::shared_ptr<const grpc::AuthContext> peer = context.auth_context();
  if (peer == nullptr) return {};
  Connected connected;
  connected.tls =
      First(*peer, GRPC_TRANSPORT_SECURITY_TYPE_PROPERTY_NAME) == GRPC_SSL_TRANSPORT_SECURITY_TYPE;
  if (!connected.tls) return connected;
  if (std::string spiffe = First(*peer, GRPC_PEER_SPIFFE_ID_PROPERTY_NAME); !spiffe.empty()) {
    connected.principal = std::move(spiffe);
  } else if (const std::string dns = First(*peer, GRPC_PEER_DNS_PROPERTY_NAME); !dns.empty()) {
    connected.principal = absl::StrCat("dns:", dns);
  } else if (const std::string name = First(*peer, GRPC_X509_CN_PROPERTY_NAME); !name.empty()) {
    connected.principal = absl::StrCat("cn:", name);
  }
  return connected;
}

std::optional<absl::string_view> BearerTokenOf(const grpc::ServerContextBase& context) {
  constexpr absl::string_view kScheme = "Bearer ";
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find("authorization");
  if (found == metadata.end()) return std::nullopt;
  const absl::string_view value(found->second.data(), found->second.size());
  if (!absl::StartsWithIgnoreCase(value, kScheme)) return std::nullopt;
  return value.substr(kScheme.size());
}

}  // namespace clustr::rpc
