#include "common/rpc/health_port.h"

#include <chrono>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "grpc/grpc.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/impl/server_builder_option.h"

namespace clustr::rpc {
namespace {

constexpr int kMaxConnections = 64;

ConnectionLimits Limits() {
  return {.max_connections = kMaxConnections,
          .max_connections_per_peer = kMaxConnections,
          .max_held_bytes = 4 << 20,
          .max_open_calls = 4 * kMaxConnections};
}

// Every server of a process gets the plugins that are linked, among them reflection.
class WithoutPlugins final : public grpc::ServerBuilderOption {
 public:
  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    plugins->clear();
  }
};

}  // namespace

absl::StatusOr<std::unique_ptr<HealthPort>> HealthPort::Listen(const std::string& address) {
  absl::StatusOr<std::unique_ptr<ConnectionAcceptor>> connections =
      ConnectionAcceptor::Listen(address, Limits());
  if (!connections.ok()) {
    return absl::Status(connections.status().code(), absl::StrCat("--health-listen=", address, ": ",
                                                                  connections.status().message()));
  }
  return std::unique_ptr<HealthPort>(new HealthPort(*std::move(connections)));
}

HealthPort::HealthPort(std::unique_ptr<ConnectionAcceptor> connections)
    : connections_(std::move(connections)) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  builder.SetOption(std::make_unique<WithoutPlugins>());
  feed_ = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
      grpc::InsecureServerCredentials());
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  // gRPC starts no server without a service of somebody else's.
  builder.RegisterCallbackGenericService(&everything_else_);
  server_ = builder.BuildAndStart();
  server_->GetHealthCheckService()->SetServingStatus(false);
  connections_->Start([feed = feed_.get()](int fd) {
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
    connection.fd = fd;
    feed->HandleNewConnection(&connection);
  });
}

HealthPort::~HealthPort() {
  connections_->Stop();
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
}

void HealthPort::Set(const std::string& service, bool serving) {
  server_->GetHealthCheckService()->SetServingStatus(service, serving);
}

void HealthPort::Drain() { server_->GetHealthCheckService()->Shutdown(); }

}  // namespace clustr::rpc
