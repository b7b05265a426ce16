#ifndef CLUSTR_COMMON_RPC_STATUS_H_
#define CLUSTR_COMMON_RPC_STATUS_H_

#include <string>

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace clustr::rpc {

// The same code and message, with the payloads as google.rpc details. gRPC 1.51 loses trailing
// metadata of 8 KiB or more: if message and details together are too large, the details come
// without their copy of the message, and if they are too large even so, the message comes without
// details.
grpc::Status ToGrpc(const absl::Status& status);

// The inverse: code, message and details of a status that arrived.
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_STATUS_H_
