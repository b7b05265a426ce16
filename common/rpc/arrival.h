#ifndef CLUSTR_COMMON_RPC_ARRIVAL_H_
#define CLUSTR_COMMON_RPC_ARRIVAL_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/steady_time.h"
#include "google/protobuf/message.h"
#include "grpc/support/time.h"
#include "grpcpp/server_context.h"

// Facts about a call when it arrives: its deadline, its peer, and its request.
namespace clustr::rpc {

// Discards the fields of the request that the contract does not define. gRPC keeps the request
// until the call ends, so a client could make the server hold megabytes that nothing reads. Must be
// called before anything else uses `request`, which is the message that gRPC made for this call.
void DropUnknownFields(const google::protobuf::Message* request);

// The deadline of the call. gRPC keeps it by the monotonic clock, but its accessor deadline()
// converts it to the wall clock, which may be set while the call waits.
Deadline DeadlineOf(const grpc::ServerContextBase& context);

// A deadline in the form that grpc::ClientContext::set_deadline takes, by the monotonic clock too.
gpr_timespec ToTimespec(Deadline deadline);

// Who calls, for sharing limits fairly: the peer's IP address without the port, of an IPv6 address
// the first 64 bits, as one host may use all addresses of such a network. Everything behind one
// proxy is one peer.
std::string PeerOf(const grpc::ServerContextBase& context);

// The same for the address of a peer as gRPC writes it: `ipv4:10.0.0.7:50122`,
// `ipv6:%5B2001:db8::7%5D:50122`. Any other text is returned whole.
std::string PeerOfAddress(absl::string_view address);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_ARRIVAL_H_
