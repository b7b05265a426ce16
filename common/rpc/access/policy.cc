#include "common/rpc/access/policy.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clustr/ops/v1/policy.pb.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/rpc/access/method.h"
#include "google/protobuf/util/json_util.h"

namespace clustr::rpc {
namespace {

using options::v1::Role;

absl::StatusOr<Role> RoleNamed(absl::string_view name) {
  for (const Role role : {options::v1::ROLE_READER, options::v1::ROLE_WRITER,
                          options::v1::ROLE_ADMIN, options::v1::ROLE_PERSONAL}) {
    if (RoleName(role) == name) return role;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "the role ", Quoted(name), " is not known; give reader, writer, admin or personal"));
}

bool IsPrincipal(absl::string_view text) {
  if (text == "anonymous") return true;
  for (const absl::string_view kind : {"spiffe://", "dns:", "cn:", "token:", "jwt:"}) {
    if (absl::StartsWith(text, kind) && text.size() > kind.size()) return true;
  }
  return false;
}

absl::Status CheckPrincipal(absl::string_view text) {
  const absl::string_view stem = absl::StripSuffix(text, "*");
  if (IsPrincipal(text) && !absl::StrContains(stem, '*')) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "the principal ", Quoted(text),
      " is not one of spiffe://…, dns:NAME, cn:NAME, token:NAME, jwt:SUBJECT and anonymous, with * "
      "only at its end"));
}

}  // namespace

void Roles::Add(Role role) {
  bits_ |= Bit(role);
  if (role == options::v1::ROLE_ADMIN) Add(options::v1::ROLE_WRITER);
  if (role == options::v1::ROLE_WRITER) Add(options::v1::ROLE_READER);
}

absl::StatusOr<Policy> Policy::Parse(absl::string_view json) {
  ops::v1::Policy read;
  const auto parsed = google::protobuf::util::JsonStringToMessage(std::string(json), &read);
  if (!parsed.ok()) {
    // The lines below the first show where.
    const std::string message(parsed.message());
    return absl::InvalidArgumentError(
        absl::StrCat("is not a policy in JSON: ", message.substr(0, message.find('\n'))));
  }
  Policy policy;
  for (const ops::v1::Grant& grant : read.grants()) {
    if (grant.principals().empty() || grant.roles().empty()) {
      return absl::InvalidArgumentError("has a grant without principals or without roles");
    }
    Roles roles;
    for (const std::string& name : grant.roles()) {
      CLUSTR_ASSIGN_OR_RETURN(const Role role, RoleNamed(name));
      roles.Add(role);
    }
    for (const std::string& principal : grant.principals()) {
      CLUSTR_RETURN_IF_ERROR(CheckPrincipal(principal));
      if (absl::EndsWith(principal, "*")) {
        policy.prefixes_.emplace_back(principal.substr(0, principal.size() - 1), roles);
      } else {
        policy.exact_[principal].Add(roles);
      }
    }
  }
  return policy;
}

Roles Policy::RolesOf(absl::string_view principal) const {
  Roles roles;
  if (const auto found = exact_.find(principal); found != exact_.end()) roles = found->second;
  for (const auto& [prefix, more] : prefixes_) {
    if (absl::StartsWith(principal, prefix)) roles.Add(more);
  }
  return roles;
}

}  // namespace clustr::rpc
