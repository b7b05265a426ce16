#include "common/rpc/access/jwt.h"

#include <cjose/cjose.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"

namespace clustr::rpc {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

constexpr int kMaxKeys = 16;
constexpr size_t kMaxKnown = 4096;
constexpr size_t kMaxSubjectBytes = 256;
// Clocks of two machines may differ by so much.
constexpr absl::Duration kClockSkew = absl::Seconds(30);

struct FreeToken {
  void operator()(cjose_jws_t* token) const { cjose_jws_release(token); }
};

absl::Status Wrong(absl::string_view message) { return absl::InvalidArgumentError(message); }

// The value of a member; nullptr if there is none.
const Value* Find(const Struct& object, const char* name) {
  const auto found = object.fields().find(name);
  return found == object.fields().end() ? nullptr : &found->second;
}

std::string TextOf(const Struct& object, const char* name) {
  const Value* value = Find(object, name);
  return value == nullptr ? "" : value->string_value();
}

bool Names(const Value& audiences, const std::string& wanted) {
  if (audiences.has_string_value()) return audiences.string_value() == wanted;
  for (const Value& one : audiences.list_value().values()) {
    if (one.string_value() == wanted) return true;
  }
  return false;
}

// True for base64url without padding (RFC 7515, section 2). Debian's cjose ends the process by an
// assertion where it decodes a text of another length.
bool IsBase64Url(absl::string_view text) {
  const auto is_digit = [](char c) { return absl::ascii_isalnum(c) || c == '-' || c == '_'; };
  return text.size() % 4 != 1 && std::all_of(text.begin(), text.end(), is_digit);
}

// True for three texts in base64url with points between them: a signed token.
bool IsCompact(absl::string_view token) {
  const std::vector<absl::string_view> parts = absl::StrSplit(token, '.');
  return parts.size() == 3 && std::all_of(parts.begin(), parts.end(), IsBase64Url);
}

// True if every part of a key that is a number is in base64url.
bool HasReadableNumbers(const Struct& key) {
  for (const char* name : {"n", "e", "d", "p", "q", "dp", "dq", "qi", "x", "y", "k"}) {
    if (!IsBase64Url(TextOf(key, name))) return false;
  }
  return true;
}

bool IsSubject(absl::string_view text) {
  for (const char c : text) {
    if (c < 0x21 || c > 0x7E) return false;
  }
  return !text.empty() && text.size() <= kMaxSubjectBytes;
}

// The time that a claim names, in seconds since 1970.
absl::Time TimeOf(const Value& seconds) {
  constexpr double kLimit = 1e12;
  return absl::FromUnixSeconds(
      static_cast<int64_t>(std::clamp(seconds.number_value(), -kLimit, kLimit)));
}

absl::Status CheckClaims(const Struct& claims, const JwtClaims& wanted, absl::Time now) {
  const auto time_of = [&](const char* name) { return TimeOf(*Find(claims, name)); };
  const Value* expires = Find(claims, "exp");
  if (expires == nullptr || !expires->has_number_value()) {
    return Wrong("the bearer token has no time `exp` at which it ends; get one that has");
  }
  if (now >= time_of("exp") + kClockSkew)
    return Wrong("the bearer token has expired; get a new one");
  const Value* begins = Find(claims, "nbf");
  if (begins != nullptr && (!begins->has_number_value() || now < time_of("nbf") - kClockSkew)) {
    return Wrong("the bearer token is not valid yet; check the clock of its issuer");
  }
  if (TextOf(claims, "iss") != wanted.issuer) {
    return Wrong("the bearer token has another issuer than this server accepts");
  }
  const Value* audience = Find(claims, "aud");
  if (audience == nullptr || !Names(*audience, wanted.audience)) {
    return Wrong("the bearer token is for another audience than this server");
  }
  if (!IsSubject(TextOf(claims, "sub"))) {
    return Wrong("the bearer token has no subject `sub` of 1 to 256 visible ASCII characters");
  }
  return absl::OkStatus();
}

bool IsAccepted(const char* algorithm) {
  if (algorithm == nullptr) return false;
  for (const char* accepted : {CJOSE_HDR_ALG_RS256, CJOSE_HDR_ALG_PS256, CJOSE_HDR_ALG_ES256}) {
    if (std::strcmp(algorithm, accepted) == 0) return true;
  }
  return false;
}

}  // namespace

void JwtKeys::Free::operator()(_cjose_jwk_int* key) const { cjose_jwk_release(key); }

// Its kind must be that of the algorithm, and its id the one that the token names.
bool JwtKeys::Fits(const _cjose_jwk_int* key, const char* algorithm, const char* key_id) const {
  const bool is_ec = cjose_jwk_get_kty(key, nullptr) == CJOSE_JWK_KTY_EC;
  if (is_ec != (std::strcmp(algorithm, CJOSE_HDR_ALG_ES256) == 0)) return false;
  const char* const own = cjose_jwk_get_kid(key, nullptr);
  if (key_id == nullptr || own == nullptr) return keys_.size() == 1;
  return std::strcmp(own, key_id) == 0;
}

absl::StatusOr<std::shared_ptr<const JwtKeys>> JwtKeys::Parse(absl::string_view json,
                                                              JwtClaims wanted) {
  Struct set;
  if (!google::protobuf::util::JsonStringToMessage(std::string(json), &set).ok() ||
      Find(set, "keys") == nullptr) {
    return Wrong("is not a JSON Web Key Set: an object with a list `keys`");
  }
  std::shared_ptr<JwtKeys> keys(new JwtKeys(std::move(wanted)));
  for (const Value& entry : Find(set, "keys")->list_value().values()) {
    if (TextOf(entry.struct_value(), "use") == "enc") continue;
    std::string text;
    if (!google::protobuf::util::MessageToJsonString(entry, &text).ok()) continue;
    const bool readable = HasReadableNumbers(entry.struct_value());
    KeyPtr key(readable ? cjose_jwk_import(text.data(), text.size(), nullptr) : nullptr);
    const int kind = key == nullptr ? 0 : cjose_jwk_get_kty(key.get(), nullptr);
    if (kind != CJOSE_JWK_KTY_RSA && kind != CJOSE_JWK_KTY_EC) {
      return Wrong(absl::StrCat("has a key ", keys->keys_.size() + 1,
                                " that is not a public key of the kind RSA or EC"));
    }
    keys->keys_.push_back(std::move(key));
  }
  if (keys->keys_.empty() || keys->keys_.size() > kMaxKeys) {
    return Wrong(
        absl::StrCat("has ", keys->keys_.size(), " keys for signatures; give 1 to ", kMaxKeys));
  }
  return keys;
}

absl::StatusOr<std::string> JwtKeys::PayloadOf(absl::string_view token) const {
  if (!IsCompact(token)) return Wrong("the bearer token is not a JSON Web Token, or a damaged one");
  const std::unique_ptr<cjose_jws_t, FreeToken> read(
      cjose_jws_import(token.data(), token.size(), nullptr));
  if (read == nullptr) return Wrong("the bearer token is not a JSON Web Token, or a damaged one");
  cjose_header_t* const header = cjose_jws_get_protected(read.get());
  const char* const algorithm = cjose_header_get(header, CJOSE_HDR_ALG, nullptr);
  if (!IsAccepted(algorithm)) {
    return Wrong("the bearer token is signed by another algorithm than RS256, PS256 and ES256");
  }
  const char* const key_id = cjose_header_get(header, CJOSE_HDR_KID, nullptr);
  for (const KeyPtr& key : keys_) {
    if (!Fits(key.get(), algorithm, key_id)) continue;
    // A failed check leaves the token such that no further one succeeds.
    const std::unique_ptr<cjose_jws_t, FreeToken> checked(
        cjose_jws_import(token.data(), token.size(), nullptr));
    if (checked == nullptr || !cjose_jws_verify(checked.get(), key.get(), nullptr)) continue;
    uint8_t* bytes = nullptr;
    size_t size = 0;
    if (!cjose_jws_get_plaintext(checked.get(), &bytes, &size, nullptr)) break;
    return std::string(reinterpret_cast<const char*>(bytes), size);
  }
  return Wrong("the bearer token is signed by no key that this server knows");
}

absl::StatusOr<std::string> JwtKeys::SubjectOf(absl::string_view token, absl::Time now) const {
  std::string hash(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(),
         reinterpret_cast<unsigned char*>(hash.data()));
  {
    absl::MutexLock lock(&mutex_);
    const auto known = known_.find(hash);
    if (known != known_.end() && now < known->second.end) return known->second.subject;
  }
  CLUSTR_ASSIGN_OR_RETURN(const std::string payload, PayloadOf(token));
  Struct claims;
  if (!google::protobuf::util::JsonStringToMessage(payload, &claims).ok()) {
    return Wrong("the bearer token holds no claims in JSON");
  }
  CLUSTR_RETURN_IF_ERROR(CheckClaims(claims, wanted_, now));
  Known good = {TextOf(claims, "sub"), TimeOf(*Find(claims, "exp")) + kClockSkew};
  absl::MutexLock lock(&mutex_);
  if (known_.size() >= kMaxKnown) known_.clear();
  return known_.insert_or_assign(std::move(hash), std::move(good)).first->second.subject;
}

}  // namespace clustr::rpc
