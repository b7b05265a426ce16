#include "common/rpc/status.h"

#include <algorithm>

#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"
#include "google/rpc/status.pb.h"

namespace clustr::rpc {
namespace {

// Trailing metadata of 8 KiB or more is lost. Leaves room for the names of the three entries.
constexpr size_t kMaxTrailerBytes = 8000;
constexpr size_t kMaxDetailBytes = 4096;

// Bytes that a message takes on the wire, where each that is no printable ASCII, or `%`, is three.
size_t EncodedBytes(absl::string_view message) {
  size_t bytes = 0;
  for (const char c : message) bytes += c >= ' ' && c <= '~' && c != '%' ? 1 : 3;
  return bytes;
}

// Bytes that the details beside a message may have; they travel in base64, 4 bytes for 3.
size_t MaxDetailBytes(absl::string_view message) {
  const size_t taken = std::min(EncodedBytes(message), kMaxTrailerBytes);
  return std::min(kMaxDetailBytes, (kMaxTrailerBytes - taken) / 4 * 3);
}

void RemoveLargest(google::protobuf::RepeatedPtrField<google::protobuf::Any>* details) {
  details->erase(
      std::max_element(details->begin(), details->end(), [](const auto& one, const auto& other) {
        return one.value().size() < other.value().size();
      }));
}

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
  const size_t max_bytes = MaxDetailBytes(status.message());
  std::string bytes = details.SerializeAsString();
  if (bytes.size() > max_bytes) {
    details.clear_message();
    bytes = details.SerializeAsString();
  }
  while (bytes.size() > max_bytes && !details.details().empty()) {
    RemoveLargest(details.mutable_details());
    bytes = details.details().empty() ? "" : details.SerializeAsString();
  }
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
