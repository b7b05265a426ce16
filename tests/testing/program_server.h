#ifndef CLUSTR_TESTS_TESTING_PROGRAM_SERVER_H_
#define CLUSTR_TESTS_TESTING_PROGRAM_SERVER_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/server.h"
#include "common/rpc/status.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/server.h"

namespace clustr::testing {

// A Program and its AdminService behind a real gRPC server on a loopback port, in this process.
class ProgramServer {
 public:
  using Make = std::function<absl::StatusOr<std::unique_ptr<rpc::Program>>()>;

  // Starts what `make` makes; a failure fails the test.
  explicit ProgramServer(Make make);
  // Stops it.
  ~ProgramServer();
  ProgramServer(const ProgramServer&) = delete;
  ProgramServer& operator=(const ProgramServer&) = delete;

  // Drains and ends the server and its program, as SIGTERM does.
  void Stop();

  // Starts it again, on the same port.
  void Start();

  void Restart() {
    Stop();
    Start();
  }

  rpc::Program& program() { return *program_; }
  const std::string& address() const { return address_; }

  // Reconnects by itself after a restart.
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

 private:
  const Make make_;
  std::string address_ = "127.0.0.1:0";
  std::unique_ptr<rpc::Program> program_;
  std::unique_ptr<grpc::Service> admin_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

// A context that waits for the server and gives up after half a minute.
void Patient(grpc::ClientContext* context);

// Calls a method of a synchronous stub: Call(&Stub::GetProduct, stub, request).
template <class Stub, class Request, class Response>
absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                           Response*),
                              Stub& stub, const std::type_identity_t<Request>& request) {
  grpc::ClientContext context;
  Patient(&context);
  Response response;
  if (const grpc::Status status = (stub.*method)(&context, request, &response); !status.ok()) {
    return rpc::FromGrpc(status);
  }
  return response;
}

}  // namespace clustr::testing

#endif  // CLUSTR_TESTS_TESTING_PROGRAM_SERVER_H_
