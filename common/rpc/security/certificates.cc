#include "common/rpc/security/certificates.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace clustr::rpc {
namespace {

constexpr size_t kMaxFileBytes = 1 << 20;

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using BioPtr = std::unique_ptr<BIO, Free>;
using CertificatePtr = std::unique_ptr<X509, Free>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Free>;

absl::Status Unusable(const std::string& path, absl::string_view reason) {
  ERR_clear_error();
  return absl::InvalidArgumentError(absl::StrCat(path, " ", reason));
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Unusable(path, absl::StrCat("cannot be read: ", std::strerror(errno)));
  std::string text(kMaxFileBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return Unusable(path, "cannot be read; give a PEM file");
  text.resize(static_cast<size_t>(file.gcount()));
  if (text.size() > kMaxFileBytes) return Unusable(path, "is longer than 1 MiB; give a PEM file");
  return text;
}

BioPtr Over(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// The certificates in a PEM file, at least one.
absl::StatusOr<std::vector<CertificatePtr>> ParseCertificates(const std::string& path,
                                                              const std::string& text) {
  const BioPtr bio = Over(text);
  std::vector<CertificatePtr> certificates;
  while (X509* next = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
    certificates.emplace_back(next);
  }
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE || certificates.empty()) {
    return Unusable(path, "holds no certificate in PEM form, or a damaged one");
  }
  ERR_clear_error();
  return certificates;
}

// A key with a password cannot be read, as nobody could be asked for it.
int NoPassword(char*, int, int, void*) { return 0; }

absl::Time EndOf(const X509* certificate) {
  tm end = {};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1) return absl::InfinitePast();
  return absl::FromTimeT(timegm(&end));
}

absl::Status CheckOwn(const CertificatePaths& paths, Certificates* read) {
  CLUSTR_ASSIGN_OR_RETURN(const std::vector<CertificatePtr> chain,
                          ParseCertificates(paths.certificate, read->certificate));
  const BioPtr bio = Over(read->key);
  const KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassword, nullptr));
  if (key == nullptr) {
    return Unusable(paths.key, "holds no private key in PEM form, or one with a password");
  }
  if (X509_check_private_key(chain.front().get(), key.get()) != 1) {
    return Unusable(paths.key,
                    absl::StrCat("is not the key of the first certificate in ", paths.certificate));
  }
  for (const CertificatePtr& certificate : chain) {
    read->expires = std::min(read->expires, EndOf(certificate.get()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Certificates> ReadCertificates(const CertificatePaths& paths) {
  Certificates read;
  if (!paths.certificate.empty()) {
    CLUSTR_ASSIGN_OR_RETURN(read.certificate, ReadFile(paths.certificate));
    CLUSTR_ASSIGN_OR_RETURN(read.key, ReadFile(paths.key));
    CLUSTR_RETURN_IF_ERROR(CheckOwn(paths, &read));
  }
  if (!paths.authorities.empty()) {
    CLUSTR_ASSIGN_OR_RETURN(read.authorities, ReadFile(paths.authorities));
    CLUSTR_RETURN_IF_ERROR(ParseCertificates(paths.authorities, read.authorities).status());
  }
  return read;
}

}  // namespace clustr::rpc
