#ifndef CLUSTR_COMMON_RPC_LISTENER_H_
#define CLUSTR_COMMON_RPC_LISTENER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/connections/connection_acceptor.h"
#include "common/rpc/flags.h"
#include "common/rpc/records/reception.h"
#include "common/rpc/security/certificate_watch.h"
#include "grpcpp/impl/service_type.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"

namespace clustr::rpc {

// How a server listens.
struct ListenerSettings {
  std::string address;  // HOST:PORT.
  ConnectionLimits limits;
  // What it speaks TLS with; null for plaintext.
  std::shared_ptr<const CertificateWatch> certificates;
  bool insecure;            // Whether others may reach it in plaintext.
  int64_t max_streams = 500;             // Maximum number of open calls of one connection.
  int64_t max_message_bytes = 4 << 20;   // Maximum size of one request.
  int64_t max_metadata_bytes = 8 << 10;  // Maximum size of the headers of one call.
  absl::Duration max_deaf;  // The time after which a port that does not answer ends the process.
};

// The flags of limits that ReadListenerSettings reads besides `listen`.
std::vector<Flag> ListenerFlags();

// Allows as many open files as the system lets this process have. Each connection takes one, and a
// server that runs out of them accepts nobody.
void RaiseFileLimit();

// What the flags say, with those of TLS, but no more connections than the process has file
// descriptors for. INVALID_ARGUMENT, with a text for an operator.
absl::StatusOr<ListenerSettings> ReadListenerSettings(const Flags& values);

// A server of gRPC and what feeds it with connections.
struct Listener {
  std::unique_ptr<grpc::Server> server;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> feed;
  std::unique_ptr<ConnectionAcceptor> connections;  // Last: its thread uses `feed` until it ends.

  // The addresses that are listened on, separated by commas.
  std::string AddressText() const;
};

// Opens the port and serves `services`, health and reflection. INVALID_ARGUMENT or UNAVAILABLE,
// with a text for an operator, if the address cannot be listened on, or other machines can reach it
// and that was not allowed for plaintext. Borrows the reception, which its calls pass.
absl::StatusOr<Listener> Listen(const ListenerSettings& settings,
                                const std::vector<grpc::Service*>& services, Reception* reception);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_LISTENER_H_
