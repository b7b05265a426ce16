#ifndef CLUSTR_COMMON_RPC_ACCESS_JWT_H_
#define CLUSTR_COMMON_RPC_ACCESS_JWT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

struct _cjose_jwk_int;

namespace clustr::rpc {

// The claims that a token must have to be accepted.
struct JwtClaims {
  std::string issuer;    // Its claim `iss`.
  std::string audience;  // Among its claim `aud`.
};

// Checks JSON Web Tokens (RFC 7519) by the public keys of those who sign them, a JSON Web Key Set
// (RFC 7517). Accepts the algorithms RS256, PS256 and ES256. Immutable and thread-safe.
class JwtKeys {
 public:
  // Reads a key set of 1 to 16 keys of the kinds RSA and EC. INVALID_ARGUMENT, with a text for an
  // operator, otherwise.
  static absl::StatusOr<std::shared_ptr<const JwtKeys>> Parse(absl::string_view json,
                                                              JwtClaims wanted);

  // The claim `sub` of a token that one of the keys has signed, that has the wanted claims, and
  // that is valid at `now`: before `exp`, which it must have, and not before `nbf`.
  // INVALID_ARGUMENT, with a text for the caller, otherwise. Costs some 100 µs for a new token, and
  // a microsecond for one of the last few thousand good ones. Where there are several keys, a token
  // must name the id of its key, so that a bad one costs no more than that.
  absl::StatusOr<std::string> SubjectOf(absl::string_view token, absl::Time now) const;

 private:
  struct Free {
    void operator()(_cjose_jwk_int* key) const;
  };
  using KeyPtr = std::unique_ptr<_cjose_jwk_int, Free>;

  // A good token.
  struct Known {
    std::string subject;
    absl::Time end;
  };

  explicit JwtKeys(JwtClaims wanted) : wanted_(std::move(wanted)) {}
  bool Fits(const _cjose_jwk_int* key, const char* algorithm, const char* key_id) const;
  // The payload of a token that one of the keys has signed.
  absl::StatusOr<std::string> PayloadOf(absl::string_view token) const;

  const JwtClaims wanted_;
  std::vector<KeyPtr> keys_;
  mutable absl::Mutex mutex_;
  // The good tokens that came last, by the SHA-256 of the token.
  mutable absl::flat_hash_map<std::string, Known> known_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_ACCESS_JWT_H_
