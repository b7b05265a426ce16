#include "common/rpc/security/tls_flags.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/security/plaintext.h"

namespace clustr::rpc {
namespace {

absl::StatusOr<std::shared_ptr<const CertificateWatch>> OpenWatch(CertificatePaths paths) {
  CLUSTR_ASSIGN_OR_RETURN(std::shared_ptr<const CertificateWatch> watch,
                          CertificateWatch::Open(std::move(paths)));
  return watch;
}

absl::Status CheckPair(const Flags& flags) {
  if (flags["tls-cert"].empty() == flags["tls-key"].empty()) return absl::OkStatus();
  return absl::InvalidArgumentError("--tls-cert and --tls-key are given together or not at all");
}

// Of a server that this one connects to, and checks by the certificates that the flag `authorities`
// names; null without it.
absl::StatusOr<std::shared_ptr<const CertificateWatch>> OpenToCheckBy(absl::string_view authorities,
                                                                      const Flags& flags) {
  if (flags[authorities].empty()) return nullptr;
  CLUSTR_RETURN_IF_ERROR(CheckPair(flags));
  return OpenWatch({flags["tls-cert"], flags["tls-key"], flags[authorities]});
}

}  // namespace

std::vector<Flag> ServerTlsFlags() {
  return {
      {"tls-cert", "",
       "PEM file with the certificate to serve with over TLS, followed by those that signed "
       "it; read again when it changes; \"\" serves plaintext"},
      {"tls-key", "", "PEM file with the private key of --tls-cert"},
      {"tls-client-ca", "",
       "PEM file with certificates; clients must then show one that one of these signed"},
      {"insecure", "no",
       "yes speaks plaintext also with other machines: serves it at addresses that they can reach, "
       "and connects to them"}};
}

Flag UpstreamTlsFlag() {
  return {"upstream-ca", "",
          "PEM file with the certificates that those of the services that this one follows are "
          "signed by; --tls-cert is shown to them; \"\" connects in plaintext, to another machine "
          "only with --insecure=yes"};
}

absl::StatusOr<std::shared_ptr<const CertificateWatch>> OpenServerCertificates(const Flags& flags) {
  CLUSTR_RETURN_IF_ERROR(CheckPair(flags));
  if (!flags["tls-cert"].empty()) {
    return OpenWatch({flags["tls-cert"], flags["tls-key"], flags["tls-client-ca"]});
  }
  if (!flags["tls-client-ca"].empty()) {
    return absl::InvalidArgumentError("--tls-client-ca needs --tls-cert and --tls-key");
  }
  return nullptr;
}

absl::StatusOr<std::shared_ptr<const CertificateWatch>> OpenUpstreamCertificates(
    const Flags& flags, std::initializer_list<absl::string_view> upstreams) {
  const bool plaintext = flags["upstream-ca"].empty() && flags.ValueOr("insecure", "no") != "yes";
  for (const absl::string_view upstream : upstreams) {
    if (!plaintext || StaysOnThisMachine(flags[upstream])) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "--", upstream, "=", flags[upstream],
        ": without --upstream-ca, purchases and customers would be read from another machine in "
        "plaintext; give --upstream-ca, follow a server at 127.0.0.1, or allow it with "
        "--insecure=yes"));
  }
  return OpenToCheckBy("upstream-ca", flags);
}

absl::StatusOr<std::shared_ptr<const CertificateWatch>> OpenCollectorCertificates(
    const Flags& flags) {
  return OpenToCheckBy("otlp-ca", flags);
}

}  // namespace clustr::rpc
