#include "common/rpc/access/method.h"

#include <algorithm>
#include <memory>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"

namespace clustr::rpc {
namespace {

using google::protobuf::Descriptor;

const google::protobuf::MethodDescriptor* FindMethod(const Descriptor& request) {
  const google::protobuf::FileDescriptor& file = *request.file();
  for (int s = 0; s < file.service_count(); ++s) {
    for (int m = 0; m < file.service(s)->method_count(); ++m) {
      const auto* method = file.service(s)->method(m);
      if (method->input_type() == &request) return method;
    }
  }
  return nullptr;
}

Method MakeMethod(const Descriptor& request, int number) {
  const auto* found = FindMethod(request);
  if (found == nullptr) {
    return {request.full_name(), request.full_name(), options::v1::ROLE_ADMIN, true, number};
  }
  const std::string name = absl::StrCat(found->service()->full_name(), "/", found->name());
  const options::v1::Access& access = found->options().GetExtension(options::v1::access);
  const auto role =
      access.role() == options::v1::ROLE_UNSPECIFIED ? options::v1::ROLE_ADMIN : access.role();
  return {absl::StrCat("/", name), name, role, access.personal(), number};
}

}  // namespace

const Method& MethodTaking(const Descriptor& request) {
  static absl::Mutex mutex;
  static auto* known = new absl::flat_hash_map<const Descriptor*, std::unique_ptr<const Method>>;
  absl::MutexLock lock(&mutex);
  std::unique_ptr<const Method>& method = (*known)[&request];
  if (method == nullptr) {
    // The last number serves all that are beyond, which no contract of ours reaches.
    const int number = std::min(static_cast<int>(known->size()), kMaxMethods) - 1;
    method = std::make_unique<const Method>(MakeMethod(request, number));
  }
  return *method;
}

absl::string_view RoleName(options::v1::Role role) {
  switch (role) {
    case options::v1::ROLE_READER:
      return "reader";
    case options::v1::ROLE_WRITER:
      return "writer";
    case options::v1::ROLE_ADMIN:
      return "admin";
    case options::v1::ROLE_PERSONAL:
      return "personal";
    default:
      return "";
  }
}

}  // namespace clustr::rpc
