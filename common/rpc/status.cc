#include "common/rpc/status.h"

#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"
#include "google/rpc/status.pb.h"

namespace clustr::rpc {
namespace {

// Trailing metadata of 8 KiB or more is lost, and the details travel in base64 (4 bytes for 3).
constexpr size_t kMaxDetailBytes = 4096;

}  // namespace

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::Status details;
  details.set_code(static_cast<int>(status.code()));
  details.set_message(std::string(status.message()));
  status.ForEachPayload([&](absl::string_view type_url, const absl::Cord& payload) {
    google::protobuf::Any* detail = details.add_details();
    detail->set_type_url(std::string(type_url));
    detail->set_value(std::string(payload));
  });
  std::string bytes = details.SerializeAsString();
  if (bytes.size() > kMaxDetailBytes) {
    details.clear_message();
    bytes = details.SerializeAsString();
  }
  if (bytes.size() > kMaxDetailBytes) bytes.clear();
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), std::string(status.message()),
                      bytes);
}

absl::Status FromGrpc(const grpc::Status& status) {
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  google::rpc::Status details;
  if (!result.ok() && details.ParseFromString(status.error_details())) {
    for (const auto& detail : details.details()) {
      result.SetPayload(detail.type_url(), absl::Cord(detail.value()));
    }
  }
  return result;
}

}  // namespace clustr::rpc
