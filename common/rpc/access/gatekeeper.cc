#include "common/rpc/access/gatekeeper.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/rpc/access/principal.h"
#include "common/rpc/arrival.h"

namespace clustr::rpc {
namespace {

constexpr int64_t kMaxRate = 1'000'000;

absl::Status TokenInvalid(absl::string_view message) {
  return MakeError(common::v1::ERROR_REASON_TOKEN_INVALID, message);
}

// The principal that a bearer token names.
absl::StatusOr<std::string> PrincipalOfToken(absl::string_view token, const AccessRules& rules) {
  if (rules.tokens.has_value()) {
    const std::optional<std::string> name = rules.tokens->NameOf(token);
    if (name.has_value()) return absl::StrCat("token:", *name);
  }
  if (rules.jwt_keys == nullptr) {
    return TokenInvalid("this server does not know the bearer token; send one that it knows");
  }
  const absl::StatusOr<std::string> subject = rules.jwt_keys->SubjectOf(token, absl::Now());
  if (!subject.ok()) return TokenInvalid(subject.status().message());
  return absl::StrCat("jwt:", *subject);
}

// The principal of a call.
absl::StatusOr<std::string> PrincipalOf(const grpc::ServerContextBase& context,
                                        const AccessRules& rules) {
  Connected connected = ConnectedOf(context);
  const bool takes_tokens = rules.tokens.has_value() || rules.jwt_keys != nullptr;
  const std::optional<absl::string_view> token =
      takes_tokens ? BearerTokenOf(context) : std::nullopt;
  if (!token.has_value()) return std::move(connected.principal);
  if (!connected.tls) {
    return TokenInvalid(
        "the bearer token came in plaintext, where others can read it; connect over TLS, and "
        "replace the token");
  }
  return PrincipalOfToken(*token, rules);
}

absl::Status CheckRoles(const Admission& admission, const Method& method) {
  if (!admission.roles.Has(method.role)) {
    return RoleMissing(admission.principal, method.role, method);
  }
  if (method.personal && !admission.roles.Has(options::v1::ROLE_PERSONAL)) {
    return RoleMissing(admission.principal, options::v1::ROLE_PERSONAL, method);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status RoleMissing(const std::string& principal, options::v1::Role role,
                         const Method& method) {
  return MakeError(common::v1::ERROR_REASON_ROLE_MISSING,
                   absl::StrCat(method.name, " needs the role ", RoleName(role),
                                ", which the policy of this server does not give to ", principal,
                                "; ask its operator for the role"),
                   {{"principal", Shortened(principal)},
                    {"role", std::string(RoleName(role))},
                    {"method", method.name}});
}

std::vector<Flag> Gatekeeper::FlagsOf() {
  return {
      {"policy", "",
       "JSON file that says who may do what, a clustr.ops.v1.Policy; read again when it "
       "changes; \"\" lets everybody do everything"},
      {"tokens", "",
       "file of the bearer tokens that callers may show over TLS, with a line NAME SHA256 for "
       "each; read again when it changes"},
      {"jwt-keys", "",
       "file with a JSON Web Key Set: callers may show tokens over TLS that one of its keys has "
       "signed; read again when it changes"},
      {"jwt-issuer", "", "the issuer that such tokens must name"},
      {"jwt-audience", "", "the audience that such tokens must name"},
      {"max-calls-per-second", "0",
       "maximum number of calls that one caller may begin per second; 0 for any"}};
}

absl::StatusOr<std::unique_ptr<Gatekeeper>> Gatekeeper::Make(const Flags& flags) {
  CLUSTR_ASSIGN_OR_RETURN(const int64_t rate, flags.Integer("max-calls-per-second", 0, kMaxRate));
  for (const char* name : {"tokens", "jwt-keys"}) {
    if (flags[name].empty() || !flags["tls-cert"].empty()) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("--", name,
                     " needs --tls-cert and --tls-key, as others could read tokens in "
                     "plaintext"));
  }
  const bool has_claims = !flags["jwt-issuer"].empty() && !flags["jwt-audience"].empty();
  if (!flags["jwt-keys"].empty() && !has_claims) {
    return absl::InvalidArgumentError("--jwt-keys needs --jwt-issuer and --jwt-audience");
  }
  CLUSTR_ASSIGN_OR_RETURN(auto files,
                          AccessFiles::Open({flags["policy"],
                                             flags["tokens"],
                                             flags["jwt-keys"],
                                             {flags["jwt-issuer"], flags["jwt-audience"]}}));
  return std::make_unique<Gatekeeper>(std::move(files), !flags["tls-cert"].empty(), rate);
}

Admission Gatekeeper::Admit(const grpc::ServerContextBase& context, const Method& method) {
  const std::shared_ptr<const AccessRules> rules = files_->current();
  Admission admission;
  // Nothing names the caller of a plaintext connection, and to ask gRPC takes a tenth of a call.
  absl::StatusOr<std::string> principal =
      tls_ ? PrincipalOf(context, *rules) : absl::StatusOr<std::string>(kAnonymous);
  if (principal.ok()) {
    admission.principal = *std::move(principal);
    admission.roles =
        rules->policy.has_value() ? rules->policy->RolesOf(admission.principal) : Roles::All();
    admission.status = CheckRoles(admission, method);
  } else {
    admission.principal = kAnonymous;
    admission.status = principal.status();
  }
  if (rate_.per_second() > 0) {
    const std::string caller =
        admission.principal == kAnonymous ? PeerOf(context) : admission.principal;
    if (!rate_.Take(caller, SteadyNow())) {
      admission.status = MakeError(
          common::v1::ERROR_REASON_RATE_LIMIT,
          absl::StrCat("this server accepts ", rate_.per_second(),
                       " calls per second from one caller; make fewer, or try again later"),
          {{"principal", Shortened(admission.principal)},
           {"limit", absl::StrCat(rate_.per_second())}});
    }
  }
  return admission;
}

}  // namespace clustr::rpc
