#ifndef CLUSTR_COMMON_RPC_OTLP_RETRY_H_
#define CLUSTR_COMMON_RPC_OTLP_RETRY_H_

#include <optional>

#include "absl/time/time.h"
#include "grpcpp/support/status.h"

namespace clustr::rpc {

// How long a collector that answered with this error wants its sender to wait at least before it
// sends the same again, from 0 to 15 s; nullopt if it must not, because the OpenTelemetry protocol
// says so.
std::optional<absl::Duration> RetryAfter(const grpc::Status& status);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_OTLP_RETRY_H_
