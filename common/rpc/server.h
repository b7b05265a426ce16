#ifndef CLUSTR_COMMON_RPC_SERVER_H_
#define CLUSTR_COMMON_RPC_SERVER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clustr/ops/v1/admin_service.pb.h"
#include "common/rpc/flags.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/impl/service_type.h"

namespace clustr::rpc {

// What a program does behind the bootstrap that all three servers share.
class Program {
 public:
  virtual ~Program() = default;

  // gRPC services to offer; borrowed for as long as the server runs.
  virtual std::vector<grpc::Service*> services() = 0;

  // Adds what this program knows: revision, row counts, upstreams, problems. Must not wait.
  virtual void AddStatus(ops::v1::GetStatusResponse* status) = 0;

  // Called once the port is open. Whoever can serve now says so, others do later, by full service
  // name; the name "" stands for the whole server.
  virtual void Started(
      std::function<void(const std::string& service, bool serving)> set_serving) = 0;

  // Called when the server begins to drain: ends streams that would go on for ever.
  virtual void Drain() = 0;
};

// How a program is made once its flags are read. Errors are for an operator.
using MakeProgram = std::function<absl::StatusOr<std::unique_ptr<Program>>(const Flags&)>;

// main() of a server: reads flags and environment, makes the program, serves with health,
// reflection and AdminService until SIGTERM or SIGINT, drains. `flags` come on top of --listen and
// --port-file. Exit codes: 0 ended by a signal; 2 wrong flags or a program that could not be made;
// 3 the port is taken.
int RunServer(const std::string& name, const std::string& purpose,
              const std::string& default_listen, std::vector<Flag> flags, int argc, char** argv,
              const MakeProgram& make);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_SERVER_H_
