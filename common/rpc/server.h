#ifndef CLUSTR_COMMON_RPC_SERVER_H_
#define CLUSTR_COMMON_RPC_SERVER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clustr/ops/v1/admin_service.pb.h"
#include "common/rpc/flags.h"
#include "common/storage/store.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/impl/service_type.h"

namespace clustr::rpc {

class Metrics;
class ServerStatus;
class Tracer;

// The part of a server that is its own, on top of the bootstrap that all three share. Called by
// RunServer.
class Program {
 public:
  virtual ~Program() = default;

  // The gRPC services to offer. They stay owned by the program and live as long as it does.
  virtual std::vector<grpc::Service*> services() = 0;

  // Adds what this program knows: revision, row counts, upstreams, problems. Must not block.
  // Thread-safe.
  virtual void AddStatus(ops::v1::GetStatusResponse* status) = 0;

  // Adds what this program has measured; AddStatus already tells the rest. Must not block.
  // Thread-safe.
  virtual void AddMetrics(Metrics* metrics) {}

  // The database whose rows belong to this server, which AdminService backs up and restores;
  // nullptr if everything in it comes from other servers.
  virtual storage::Store* store() { return nullptr; }

  // Called once the port is open. The program calls `set_serving` for each service as soon as it
  // can serve, now or later, with its full name; the name "" stands for the whole server.
  virtual void Started(
      std::function<void(const std::string& service, bool serving)> set_serving) = 0;

  // Called when the server begins to drain: ends streams that would otherwise never end.
  virtual void Drain() = 0;

  // Called soon after Drain if calls are still under way: ends those that may compute for long.
  virtual void EndCalls() {}

  // How long the calls that are still under way then may take to end, and after the last of them
  // this program. When the time is over, the process ends without them, as after kill -9. By
  // default, the limits of every server apply.
  virtual absl::Duration last_patience() const { return absl::InfiniteDuration(); }
};

// The AdminService of a server, which RunServer offers with the services of its program.
std::unique_ptr<grpc::Service> MakeAdminService(std::shared_ptr<const ServerStatus> status);

// Makes a program from its flags; null if they ask for something that is done by now, and not for a
// server. The tracer, which is null if the server sends no spans, outlives
// the program. The texts of errors are for an operator.
using MakeProgram = std::function<absl::StatusOr<std::unique_ptr<Program>>(const Flags&, Tracer*)>;

// The main() of a server: reads flags and environment, makes the program, serves it together with
// health, reflection and AdminService until SIGTERM or SIGINT, then drains. `flags` are those
// beyond --listen and --port-file. Returns the exit code: 0 after a signal, --help, --version, or
// without a program; 2 if the flags are wrong, the program could not be made or --port-file could
// not be written; 3 if
// --listen, --health-listen or --metrics-listen cannot be listened on. Ends the process with 4 if
// its port turns deaf (SelfDial).
int RunServer(const std::string& name, const std::string& purpose,
              const std::string& default_listen, std::vector<Flag> flags, int argc, char** argv,
              const MakeProgram& make);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_SERVER_H_
