#ifndef CLUSTR_COMMON_RPC_HEALTH_PORT_H_
#define CLUSTR_COMMON_RPC_HEALTH_PORT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/rpc/connections/connection_acceptor.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"

namespace clustr::rpc {

// A second port of a server, which answers grpc.health.v1.Health in plaintext, and nothing else.
// The gRPC probes of Kubernetes speak no TLS. It has its own limit of 64 connections, so that a
// full server is still found healthy. Thread-safe.
class HealthPort {
 public:
  // Listens on HOST:PORT. INVALID_ARGUMENT or UNAVAILABLE, with a text for an operator.
  static absl::StatusOr<std::unique_ptr<HealthPort>> Listen(const std::string& address);
  ~HealthPort();
  HealthPort(const HealthPort&) = delete;
  HealthPort& operator=(const HealthPort&) = delete;

  int port() const { return connections_->port(); }
  // Sets the status of a service, or of "" for the whole server.
  void Set(const std::string& service, bool serving);
  // From now on, everything is reported as NOT_SERVING.
  void Drain();

 private:
  explicit HealthPort(std::unique_ptr<ConnectionAcceptor> connections);

  grpc::CallbackGenericService everything_else_;  // Answers UNIMPLEMENTED.
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> feed_;
  std::unique_ptr<ConnectionAcceptor> connections_;  // Last: its thread uses feed_ until it ends.
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_HEALTH_PORT_H_
