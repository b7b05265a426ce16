#include "tools/schema_dump/comments.h"

#include <fstream>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.pb.h"

namespace clustr::schema_dump {

using google::protobuf::DescriptorPool;

absl::StatusOr<std::unique_ptr<DescriptorPool>> ReadComments(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  google::protobuf::FileDescriptorSet set;
  if (!file || !set.ParseFromIstream(&file)) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, " is not a descriptor set; make one with protoc --descriptor_set_out"));
  }
  auto pool = std::make_unique<DescriptorPool>();
  for (const auto& proto : set.file()) {
    if (pool->BuildFile(proto) == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat(path, " contains ", proto.name(),
                                                     " without its imports; make it with "
                                                     "--include_imports"));
    }
  }
  return pool;
}

}  // namespace clustr::schema_dump
