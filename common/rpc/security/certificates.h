#ifndef CLUSTR_COMMON_RPC_SECURITY_CERTIFICATES_H_
#define CLUSTR_COMMON_RPC_SECURITY_CERTIFICATES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace clustr::rpc {

// PEM files. Each may be "", for none; a certificate and its key are given together.
struct CertificatePaths {
  std::string certificate;  // The own certificate, followed by those that it is signed by.
  std::string key;          // The private key of the own certificate, without a password.
  std::string authorities;  // The certificates that those of peers must be signed by.
};

// The contents of CertificatePaths, each "" where there is no file.
struct Certificates {
  std::string certificate;
  std::string key;
  std::string authorities;
  // When the first of the own certificates ends; InfiniteFuture without one.
  absl::Time expires = absl::InfiniteFuture();

  bool operator==(const Certificates&) const = default;
};

// Reads the files and checks that a TLS peer can use them: that they parse, and that the key
// belongs to the first certificate. INVALID_ARGUMENT, with a text for an operator, otherwise.
absl::StatusOr<Certificates> ReadCertificates(const CertificatePaths& paths);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_SECURITY_CERTIFICATES_H_
