#include "common/rpc/server.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "clustr/ops/v1/admin_service.grpc.pb.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/rpc/call_under_way.h"
#include "common/rpc/connection_acceptor.h"
#include "google/protobuf/stubs/logging.h"
#include "grpc/grpc.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"

namespace clustr::rpc {
namespace {

constexpr int kExitUsage = 2;
constexpr int kExitPort = 3;
// Between reporting unhealthy and refusing calls.
constexpr absl::Duration kLameDuck = absl::Milliseconds(500);
constexpr absl::Duration kDrainLimit = absl::Seconds(10);
// For answers, and for the word that the server goes away, to leave before connections close.
constexpr absl::Duration kFlush = absl::Milliseconds(100);
constexpr absl::Duration kPoll = absl::Milliseconds(5);
// A connection whose peer has not introduced itself by then is closed.
constexpr int kHandshakeMs = 5'000;
// A client that pings more often is disconnected. Stated in docs/api.md.
constexpr int kMinPingMs = 4'000;

int64_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  int64_t total = 0;
  int64_t resident = 0;
  statm >> total >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

class AdminService final : public ops::v1::AdminService::CallbackService {
 public:
  AdminService(std::string name, Program* program)
      : name_(std::move(name)), program_(program), start_(absl::Now()) {}

  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const ops::v1::GetStatusRequest* request,
                                      ops::v1::GetStatusResponse* response) override {
    auto* call =
        new Call<ops::v1::GetStatusRequest, ops::v1::GetStatusResponse>(context, request, response);
    response->set_service(name_);
    response->set_version(CLUSTR_VERSION);
    response->mutable_start_time()->set_seconds(absl::ToUnixSeconds(start_));
    response->set_resident_bytes(ResidentBytes());
    program_->AddStatus(response);
    call->Reply(absl::OkStatus());
    return call;
  }

 private:
  const std::string name_;
  Program* const program_;
  const absl::Time start_;
};

int Fail(const std::string& program, absl::string_view message, int code) {
  StopLog();  // So that the message is the last line.
  std::cerr << program << ": " << message << "\n";
  return code;
}

// Blocks the two signals in this thread and in every thread that it starts later, so that one
// thread can wait for them.
sigset_t BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

bool IsHostAndPort(absl::string_view address) {
  const size_t colon = address.rfind(':');
  int port = -1;
  return colon != absl::string_view::npos && colon > 0 &&
         absl::SimpleAtoi(address.substr(colon + 1), &port) && port >= 0 && port <= 65535;
}

// Writes to a new file of an unpredictable name and renames it, so that no link that somebody put
// there is followed, and no reader sees half of the number.
bool WritePortFile(const std::string& path, int port) {
  std::string unfinished = path + ".XXXXXX";
  const int file = mkstemp(unfinished.data());
  if (file < 0) return false;
  const std::string text = absl::StrCat(port, "\n");
  const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       fchmod(file, 0644) == 0;
  if (close(file) == 0 && written && std::rename(unfinished.c_str(), path.c_str()) == 0)
    return true;
  unlink(unfinished.c_str());
  return false;
}

// Prints the text that --help or --version asks for; false if neither is among the arguments.
bool PrintText(const std::string& program_name, const std::string& purpose,
               const std::vector<Flag>& flags, const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    if (argument == "--help") {
      std::cout << HelpText(program_name, purpose, flags);
      return true;
    }
    if (argument == "--version") {
      std::cout << program_name << " " << CLUSTR_VERSION << "\n";
      return true;
    }
  }
  return false;
}

// Parses the flags and checks --listen; its errors are for an operator.
absl::StatusOr<Flags> ReadFlags(const std::vector<Flag>& flags,
                                const std::vector<std::string>& arguments,
                                const std::string& default_listen) {
  absl::StatusOr<Flags> values = Flags::Parse(flags, arguments);
  if (values.ok() && !IsHostAndPort((*values)["listen"])) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--listen=", (*values)["listen"],
        " is not HOST:PORT with a port from 0 to 65535; give for example ", default_listen));
  }
  return values;
}

// Allows as many open files as the system lets this process have. Each connection takes one, and a
// server that runs out of them stops accepting.
void RaiseFileLimit() {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// The limits that the flags set, and no more connections than the process has file descriptors for,
// some of which its files need.
absl::StatusOr<ConnectionLimits> ReadLimits(const Flags& values) {
  constexpr int64_t kOwnFiles = 64;
  constexpr int64_t kMaxLimit = 1'000'000;
  ConnectionLimits limits;
  CLUSTR_ASSIGN_OR_RETURN(limits.max_connections, values.Integer("max-connections", 1, kMaxLimit));
  CLUSTR_ASSIGN_OR_RETURN(limits.max_connections_per_peer,
                          values.Integer("max-connections-per-peer", 1, kMaxLimit));
  rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur != RLIM_INFINITY) {
    const auto room = static_cast<int64_t>(files.rlim_cur) - kOwnFiles;
    limits.max_connections = std::clamp<int64_t>(room, 1, limits.max_connections);
  }
  return limits;
}

void StartServerLog(const std::string& name) {
  StartLog(name);
  google::protobuf::SetLogHandler(
      [](google::protobuf::LogLevel, const char*, int, const std::string& message) {
        Log(LogLevel::kWarning, "protobuf", {{"message", message}});
      });
}

// A server of gRPC and what feeds it with connections.
struct Listener {
  std::unique_ptr<grpc::Server> server;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> feed;
  std::unique_ptr<ConnectionAcceptor> connections;  // Last: its thread uses `feed` until it ends.
};

// Opens the port and serves. UNAVAILABLE if the address cannot be listened on.
absl::StatusOr<Listener> Listen(const std::string& address, const ConnectionLimits& limits,
                                const std::vector<grpc::Service*>& services) {
  Listener listener;
  CLUSTR_ASSIGN_OR_RETURN(listener.connections, ConnectionAcceptor::Listen(address, limits));
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  listener.feed = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
      grpc::InsecureServerCredentials());
  // A small compressed message can expand to gigabytes before any limit applies.
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  // Clients may ping an idle connection, with or without calls, to notice a dead peer: followers do
  // so every 5 s.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kMinPingMs);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeMs);
  for (grpc::Service* service : services) builder.RegisterService(service);
  listener.server = builder.BuildAndStart();
  listener.connections->Start([feed = listener.feed.get()](int fd) {
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
    connection.fd = fd;
    feed->HandleNewConnection(&connection);
  });
  return listener;
}

// Reports AdminService as healthy, and lets the program report the others when they are.
void ReportHealth(grpc::HealthCheckServiceInterface* health, Program* program) {
  health->SetServingStatus(false);
  health->SetServingStatus(ops::v1::AdminService::service_full_name(), true);
  program->Started([health](const std::string& service, bool serving) {
    health->SetServingStatus(service, serving);
  });
}

// Ends the server once no call is under way, at the latest after kDrainLimit. Shutdown refuses new
// calls and waits for the end of all connections, but a client whose channel is idle may keep its
// connection open; so what is left is disconnected as soon as the last call has ended.
void ShutDown(Listener& listener) {
  listener.connections->Stop();
  grpc::Server* const server = listener.server.get();
  std::thread shutdown(
      [server] { server->Shutdown(absl::ToChronoTime(absl::Now() + kDrainLimit)); });
  absl::Duration waited = absl::ZeroDuration();
  while (waited < kDrainLimit && (waited < kFlush || CallUnderWay::Count() > 0)) {
    absl::SleepFor(kPoll);
    waited += kPoll;
  }
  absl::SleepFor(kFlush);
  grpc_server_cancel_all_calls(server->c_server());
  shutdown.join();
  server->Wait();
}

// Reports everything as unhealthy, gives load balancers time to notice, then ends streams, lets
// calls finish within kDrainLimit, and ends the program.
void Drain(Listener listener, std::unique_ptr<Program> program) {
  Log(LogLevel::kInfo, "draining");
  listener.server->GetHealthCheckService()->Shutdown();
  absl::SleepFor(kLameDuck);
  program->Drain();
  ShutDown(listener);
  program.reset();
  Log(LogLevel::kInfo, "stopped");
}

}  // namespace

std::unique_ptr<grpc::Service> MakeAdminService(std::string server_name, Program* program) {
  return std::make_unique<AdminService>(std::move(server_name), program);
}

int RunServer(const std::string& name, const std::string& purpose,
              const std::string& default_listen, std::vector<Flag> flags, int argc, char** argv,
              const MakeProgram& make) {
  const std::string program_name = "clustr-" + name;
  flags.insert(flags.begin(),
               {{"listen", default_listen, "HOST:PORT to serve on; port 0 picks a free one"},
                {"port-file", "", "file that receives the port once it is open"},
                {"max-connections", "4096", "maximum number of open connections"},
                {"max-connections-per-peer", "1024",
                 "maximum number of open connections from one IP address"}});
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (PrintText(program_name, purpose, flags, arguments)) return 0;
  const absl::StatusOr<Flags> values = ReadFlags(flags, arguments, default_listen);
  if (!values.ok()) return Fail(program_name, values.status().message(), kExitUsage);
  RaiseFileLimit();
  const absl::StatusOr<ConnectionLimits> limits = ReadLimits(*values);
  if (!limits.ok()) return Fail(program_name, limits.status().message(), kExitUsage);

  // Debian builds Abseil with its deadlock detector on, which costs a few percent of everything.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  const sigset_t signals = BlockStopSignals();
  StartServerLog(name);
  absl::StatusOr<std::unique_ptr<Program>> program = make(*values);
  if (!program.ok()) return Fail(program_name, program.status().message(), kExitUsage);

  const std::unique_ptr<grpc::Service> admin = MakeAdminService(name, program->get());
  std::vector<grpc::Service*> services = (*program)->services();
  services.push_back(admin.get());
  const std::string& address = (*values)["listen"];
  absl::StatusOr<Listener> listener = Listen(address, *limits, services);
  if (!listener.ok()) {
    return Fail(program_name,
                absl::StrCat("cannot listen on ", address,
                             ": the port is taken, or this machine does not have the address; give "
                             "another --listen"),
                kExitPort);
  }
  const int port = listener->connections->port();
  ReportHealth(listener->server->GetHealthCheckService(), program->get());
  const std::string& port_file = (*values)["port-file"];
  if (!port_file.empty() && !WritePortFile(port_file, port)) {
    return Fail(program_name,
                absl::StrCat("cannot write --port-file=", port_file,
                             "; give a path that this user may write to"),
                kExitUsage);
  }
  Log(LogLevel::kInfo, "serving", {{"listen", address}, {"port", absl::StrCat(port)}});

  int signal_number = 0;
  sigwait(&signals, &signal_number);
  Drain(*std::move(listener), *std::move(program));
  StopLog();
  return 0;
}

}  // namespace clustr::rpc
