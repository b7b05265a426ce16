#ifndef CLUSTR_COMMON_RPC_SECURITY_TLS_FLAGS_H_
#define CLUSTR_COMMON_RPC_SECURITY_TLS_FLAGS_H_

#include <initializer_list>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/rpc/flags.h"
#include "common/rpc/security/certificate_watch.h"

namespace clustr::rpc {

// The flags that OpenServerCertificates reads.
std::vector<Flag> ServerTlsFlags();
// The flag that, with those of the server, OpenUpstreamCertificates reads.
Flag UpstreamTlsFlag();

// What a server shows to its clients and checks them by; null without --tls-cert, for plaintext.
// INVALID_ARGUMENT, with a text for an operator, if the flags or their files cannot be used.
absl::StatusOr<std::shared_ptr<const CertificateWatch>> OpenServerCertificates(const Flags& flags);

// What a server checks the services by that it follows, and shows to them; null without
// --upstream-ca, for plaintext. `upstreams` are the flags with the addresses of those services; in
// plaintext they must be on this machine, unless --insecure=yes. Errors as above.
absl::StatusOr<std::shared_ptr<const CertificateWatch>> OpenUpstreamCertificates(
    const Flags& flags, std::initializer_list<absl::string_view> upstreams);

// The same for a collector of OpenTelemetry, and --otlp-ca.
absl::StatusOr<std::shared_ptr<const CertificateWatch>> OpenCollectorCertificates(
    const Flags& flags);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_SECURITY_TLS_FLAGS_H_
