#ifndef CLUSTR_TOOLS_CLUSTRCTL_CREDENTIALS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_CREDENTIALS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/security/credentials.h"

namespace clustr::ctl {

// PEM files of TLS, each "" for none.
struct TlsFiles {
  std::string authorities;  // --ca: what the certificates of the servers are signed by.
  std::string certificate;  // --cert: what is shown to the servers.
  std::string key;          // --key: its private key.
};

// Credentials for plaintext without files, otherwise for TLS. INVALID_ARGUMENT if a flag is missing
// beside another, or a file cannot be used.
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> CredentialsOf(const TlsFiles& files);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_CREDENTIALS_H_
