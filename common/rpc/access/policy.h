#ifndef CLUSTR_COMMON_RPC_ACCESS_POLICY_H_
#define CLUSTR_COMMON_RPC_ACCESS_POLICY_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clustr/options/v1/options.pb.h"

namespace clustr::rpc {

// A set of roles.
class Roles {
 public:
  static Roles All() { return Roles(~0u); }
  Roles() = default;

  // Adds a role and those that it includes: a writer may also read, an admin may also write.
  void Add(options::v1::Role role);
  void Add(const Roles& other) { bits_ |= other.bits_; }
  bool Has(options::v1::Role role) const { return (bits_ & Bit(role)) != 0; }

 private:
  explicit Roles(unsigned bits) : bits_(bits) {}
  static unsigned Bit(options::v1::Role role) { return 1u << static_cast<unsigned>(role); }

  unsigned bits_ = 0;
};

// Who may do what: clustr.ops.v1.Policy, in JSON, as the flag --policy names it. Immutable and
// thread-safe.
class Policy {
 public:
  // Reads the text of a policy. INVALID_ARGUMENT, with a text for an operator, if it is none.
  static absl::StatusOr<Policy> Parse(absl::string_view json);

  // The roles of a principal; none for one that no grant names. O(grants with a wildcard).
  Roles RolesOf(absl::string_view principal) const;

 private:
  absl::flat_hash_map<std::string, Roles> exact_;
  std::vector<std::pair<std::string, Roles>> prefixes_;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_ACCESS_POLICY_H_
