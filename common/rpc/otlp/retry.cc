#include "common/rpc/otlp/retry.h"

#include <algorithm>
#include <string>

#include "common/rpc/status.h"
#include "google/rpc/error_details.pb.h"

namespace clustr::rpc {
namespace {

constexpr absl::Duration kMaxDelay = absl::Seconds(15);
constexpr char kRetryInfo[] = "type.googleapis.com/google.rpc.RetryInfo";

// The delay that the details of the error name.
std::optional<absl::Duration> NamedDelay(const grpc::Status& status) {
  const auto detail = FromGrpc(status).GetPayload(kRetryInfo);
  google::rpc::RetryInfo info;
  if (!detail.has_value() || !info.ParseFromString(std::string(*detail))) return std::nullopt;
  const absl::Duration delay =
      absl::Seconds(info.retry_delay().seconds()) + absl::Nanoseconds(info.retry_delay().nanos());
  return std::clamp(delay, absl::ZeroDuration(), kMaxDelay);
}

}  // namespace

std::optional<absl::Duration> RetryAfter(const grpc::Status& status) {
  switch (status.error_code()) {
    case grpc::StatusCode::CANCELLED:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::ABORTED:
    case grpc::StatusCode::OUT_OF_RANGE:
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DATA_LOSS:
      return NamedDelay(status).value_or(absl::ZeroDuration());
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return NamedDelay(status);  // Without one, the collector will not recover.
    default:
      return std::nullopt;
  }
}

}  // namespace clustr::rpc
