#ifndef CLUSTR_COMMON_RPC_STATUS_H_
#define CLUSTR_COMMON_RPC_STATUS_H_

#include <string>

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace clustr::rpc {

// The same code and message, with the payloads as google.rpc details. Details and message together
// stay below what gRPC 1.51 can carry: details that do not fit are left out, the message stands
// alone.
grpc::Status ToGrpc(const absl::Status& status);

// Back again, details included.
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_STATUS_H_
