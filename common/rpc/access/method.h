#ifndef CLUSTR_COMMON_RPC_ACCESS_METHOD_H_
#define CLUSTR_COMMON_RPC_ACCESS_METHOD_H_

#include <string>

#include "absl/strings/string_view.h"
#include "clustr/options/v1/options.pb.h"
#include "google/protobuf/descriptor.h"

namespace clustr::rpc {

// What the contract says about a method. The only reader of the options of methods.
struct Method {
  std::string path;  // `/package.Service/Method`, as on the wire.
  std::string name;  // The same without the leading slash.
  // The least role that a caller needs; ROLE_ADMIN if the contract names none.
  options::v1::Role role;
  bool personal;  // Whether a caller also needs ROLE_PERSONAL.
  int number;     // Distinct among the methods of this process: from 0, below kMaxMethods.

  // True if its calls may change something, or show everything.
  bool audited() const { return role != options::v1::ROLE_READER; }
};

inline constexpr int kMaxMethods = 512;

// The method that takes this request; no request type is shared by two methods. A message that no
// method takes counts as a method of its own name. The reference stays valid. Thread-safe; takes a
// lock, so call it once for each type.
const Method& MethodTaking(const google::protobuf::Descriptor& request);

// `reader`, `writer`, `admin` or `personal`.
absl::string_view RoleName(options::v1::Role role);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_ACCESS_METHOD_H_
