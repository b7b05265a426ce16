#include "tools/clustrctl/credentials.h"

#include "common/base/status_macros.h"
#include "common/rpc/security/certificates.h"

namespace clustr::ctl {

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> CredentialsOf(const TlsFiles& files) {
  if (files.certificate.empty() != files.key.empty()) {
    return absl::InvalidArgumentError("--cert and --key are given together or not at all");
  }
  if (files.authorities.empty()) {
    if (files.certificate.empty()) return grpc::InsecureChannelCredentials();
    return absl::InvalidArgumentError(
        "--cert needs --ca, the file with what the certificates of the servers are signed by");
  }
  CLUSTR_ASSIGN_OR_RETURN(const rpc::Certificates read,
                          rpc::ReadCertificates({files.certificate, files.key, files.authorities}));
  return grpc::SslCredentials({read.authorities, read.key, read.certificate});
}

}  // namespace clustr::ctl
