#include "common/rpc/server.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "clustr/ops/v1/admin_service.grpc.pb.h"
#include "common/base/bounded_write.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/base/steady_condition.h"
#include "common/base/steady_time.h"
#include "common/rpc/admin/server_status.h"
#include "common/rpc/call_under_way.h"
#include "common/rpc/connections/memory_return.h"
#include "common/rpc/connections/self_dial.h"
#include "common/rpc/health_port.h"
#include "common/rpc/listener.h"
#include "common/rpc/otlp/otlp_flags.h"
#include "common/rpc/otlp/telemetry.h"
#include "common/rpc/records/metrics_port.h"
#include "common/rpc/records/reception.h"
#include "common/rpc/security/tls_flags.h"
#include "google/protobuf/stubs/logging.h"
#include "grpc/grpc.h"
#include "grpc/support/log.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"

namespace clustr::rpc {
namespace {

constexpr int kExitUsage = 2;
constexpr int kExitPort = 3;
constexpr int kExitDeaf = 4;
// Between reporting unhealthy and refusing calls.
constexpr absl::Duration kLameDuck = absl::Milliseconds(500);
constexpr absl::Duration kDrainLimit = absl::Seconds(10);
// After which calls that may compute for long are ended.
constexpr absl::Duration kGrace = absl::Milliseconds(250);
// From the signal to the end of the program, whatever still computes.
constexpr absl::Duration kEndLimit = absl::Milliseconds(11'500);
// For answers, and for the word that the server goes away, to leave before connections close.
constexpr absl::Duration kFlush = absl::Milliseconds(100);
constexpr absl::Duration kPoll = absl::Milliseconds(5);

// Writes a line to standard error. Gives up after a second if its reader has stalled, which must
// not keep a process alive.
void Say(const std::string& program, absl::string_view message) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  WriteUnless(STDERR_FILENO, absl::StrCat(program, ": ", message, "\n"),
              [&] { return std::chrono::steady_clock::now() >= give_up; });
}

// Ends the log, so that the last line of standard error is the one that says what went wrong.
int Fail(const std::string& program, absl::string_view message, int code) {
  StopLog();
  Say(program, message);
  return code;
}

// Ends the process at once, because what does not answer would not drain either. Nothing
// acknowledged is lost, as after kill -9. The line bypasses the log, which may be what hangs.
[[noreturn]] void EndDeaf(const std::string& program, const std::string& address) {
  Say(program, absl::StrCat(address,
                            " does not answer this process itself; it ends so that a new "
                            "one can be started"));
  _exit(kExitDeaf);
}

// Ends the process if its program has not ended kEndLimit after this was made, or when Shorten
// says: a call that computes may look only rarely whether it is still wanted, and a thread of low
// priority may get no time to look. Nothing acknowledged is lost, as after kill -9, so this is a
// regular end.
class EndLimit {
 public:
  explicit EndLimit(std::string program)
      : thread_([this, program = std::move(program)] { Watch(program); }) {}
  ~EndLimit() {
    {
      absl::MutexLock lock(&mutex_);
      ended_ = true;
      changed_.NotifyAll();
    }
    thread_.join();
  }
  EndLimit(const EndLimit&) = delete;
  EndLimit& operator=(const EndLimit&) = delete;

  // Leaves no more than this from now on.
  void Shorten(absl::Duration left) {
    absl::MutexLock lock(&mutex_);
    end_ = std::min(end_, Deadline::In(left));
    changed_.NotifyAll();
  }

 private:
  void Watch(const std::string& program) {
    absl::MutexLock lock(&mutex_);
    while (!end_.passed()) {
      const Deadline end = end_;
      const auto changed = [&]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return ended_ || end_ != end; };
      changed_.WaitUntil(&mutex_, end, changed);
      if (ended_) return;
    }
    StopLog();
    Say(program, "calls still computed when their time to end was over; it ends without them");
    _exit(0);
  }

  absl::Mutex mutex_;
  SteadyCondition changed_;
  Deadline end_ ABSL_GUARDED_BY(mutex_) = Deadline::In(kEndLimit);
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

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

// The level that --log-level names.
absl::StatusOr<LogLevel> LogLevelOf(const Flags& flags) {
  for (const LogLevel level : {LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError}) {
    if (flags["log-level"] == LevelName(level)) return level;
  }
  return absl::InvalidArgumentError(absl::StrCat("--log-level=", flags["log-level"],
                                                 " is not known; give info, warning or error"));
}

void StartServerLog(const std::string& name, LogLevel level) {
  StartLog(name);
  SetLogLevel(level);
  google::protobuf::SetLogHandler(
      [](google::protobuf::LogLevel, const char*, int, const std::string& message) {
        Log(LogLevel::kWarning, "protobuf", {{"message", message}});
      });
  // gRPC would write to standard error itself, and its threads would hang there when nobody reads.
  gpr_set_log_function([](gpr_log_func_args* line) {
    Log(line->severity == GPR_LOG_SEVERITY_ERROR ? LogLevel::kError : LogLevel::kInfo, "grpc",
        {{"message", line->message}});
  });
}

// Reports AdminService as healthy, and lets the program report the others when they are.
void ReportHealth(grpc::HealthCheckServiceInterface* health, HealthPort* port, Program* program) {
  const auto set = [health, port](const std::string& service, bool serving) {
    health->SetServingStatus(service, serving);
    if (port != nullptr) port->Set(service, serving);
  };
  health->SetServingStatus(false);
  set(ops::v1::AdminService::service_full_name(), true);
  program->Started(set);
}

// Opens --health-listen, which then says that the process lives, and is not ready. Null without the
// flag, and for a process that `serves` nobody.
absl::StatusOr<std::unique_ptr<HealthPort>> OpenHealthPort(const Flags& flags, bool serves) {
  const std::string& address = flags["health-listen"];
  if (address.empty() || !serves) return nullptr;
  CLUSTR_ASSIGN_OR_RETURN(std::unique_ptr<HealthPort> port, HealthPort::Listen(address));
  port->Set(ops::v1::AdminService::service_full_name(), true);
  return port;
}

// The flags of every server but --listen, --port-file and --health-listen, which stand first.
std::vector<Flag> FlagsOfEveryServer() {
  std::vector<Flag> flags = {
      {"metrics-listen", "",
       "HOST:PORT to answer GET /metrics of Prometheus on, in plaintext, and nothing else; \"\" "
       "for "
       "no such port"},
      {"log-level", "info",
       "lines that the log gets at first: info, warning or error; SetLogLevel of AdminService "
       "changes it"},
      {"audit-log", "",
       "file that gets a line for each refused call and each write; \"\" puts them into the log"}};
  for (const std::vector<Flag>& more :
       {ServerTlsFlags(), OtlpFlags(), Gatekeeper::FlagsOf(), ListenerFlags()}) {
    flags.insert(flags.end(), more.begin(), more.end());
  }
  return flags;
}

absl::Status OpenReception(const Flags& flags, Reception* reception) {
  CLUSTR_ASSIGN_OR_RETURN(reception->gatekeeper, Gatekeeper::Make(flags));
  CLUSTR_ASSIGN_OR_RETURN(reception->audit, AuditLog::Open(flags["audit-log"]));
  return absl::OkStatus();
}

std::shared_ptr<const ServerStatus> StatusOf(const std::string& name, Program* program,
                                             const ListenerSettings& settings,
                                             const Gatekeeper* gatekeeper,
                                             const Telemetry* telemetry) {
  std::vector<ServerStatus::Problem> problems = {[gatekeeper] { return gatekeeper->Problem(); },
                                                 [telemetry] { return telemetry->Problem(); }};
  if (settings.certificates != nullptr) {
    problems.push_back([certificates = settings.certificates] { return certificates->Problem(); });
  }
  return std::make_shared<const ServerStatus>(name, program, std::move(problems));
}

void AddConnections(const Totals& totals, Metrics* metrics) {
  metrics->Gauge("clustr_open_connections", "Connections of clients that are open.",
                 static_cast<double>(totals.open_connections()));
  metrics->Gauge("clustr_held_request_bytes",
                 "Bytes of requests that have arrived and are not answered, and memory of answers "
                 "that the clients have not taken.",
                 static_cast<double>(totals.held_bytes()));
  metrics->Counter("clustr_closed_connections_total",
                   "Connections that were refused or closed because of a limit.",
                   static_cast<double>(totals.closed_connections()));
}

// Null without --metrics-listen. `add` adds everything that a scrape answers.
absl::StatusOr<std::unique_ptr<MetricsPort>> OpenMetrics(const Flags& flags,
                                                         std::function<void(Metrics*)> add) {
  const std::string& address = flags["metrics-listen"];
  if (address.empty()) return nullptr;
  CLUSTR_ASSIGN_OR_RETURN(std::unique_ptr<MetricsPort> port,
                          MetricsPort::Listen(address, [add = std::move(add)] {
                            Metrics metrics;
                            add(&metrics);
                            return metrics.Text();
                          }));
  Log(LogLevel::kInfo, "metrics", {{"listen", address}, {"port", absl::StrCat(port->port())}});
  return port;
}

// Ends the server once no call is under way, at the latest after kDrainLimit. Shutdown refuses new
// calls and waits for the end of all connections, but a client whose channel is idle may keep its
// connection open; so what is left is disconnected as soon as the last call has ended. After
// kGrace, calls `end_calls` once.
void ShutDown(Listener& listener, absl::FunctionRef<void()> end_calls) {
  listener.connections->Stop();
  grpc::Server* const server = listener.server.get();
  std::thread shutdown(
      [server] { server->Shutdown(absl::ToChronoTime(absl::Now() + kDrainLimit)); });
  const SteadyTime begin = SteadyNow();
  bool in_grace = true;
  while (Since(begin) < kDrainLimit && (Since(begin) < kFlush || CallUnderWay::Count() > 0)) {
    absl::SleepFor(kPoll);
    if (in_grace && Since(begin) >= kGrace) {
      in_grace = false;
      end_calls();
    }
  }
  absl::SleepFor(kFlush);
  grpc_server_cancel_all_calls(server->c_server());
  shutdown.join();
  server->Wait();
}

// Reports everything as unhealthy, gives load balancers time to notice, then ends scrapes and
// streams, lets calls finish within kDrainLimit, ends the program within kEndLimit, and sends the
// last metrics and spans.
void Drain(const std::string& name, Listener listener, HealthPort* health_port,
           std::unique_ptr<MetricsPort> metrics_port, std::unique_ptr<Program> program,
           Telemetry* telemetry) {
  Log(LogLevel::kInfo, "draining");
  std::optional<EndLimit> end_limit(name);
  if (health_port != nullptr) health_port->Drain();
  listener.server->GetHealthCheckService()->Shutdown();
  absl::SleepFor(kLameDuck);
  metrics_port.reset();  // It asks the program, which ends now.
  program->Drain();
  const auto end_calls = [&] {
    program->EndCalls();
    end_limit->Shorten(program->last_patience());
  };
  ShutDown(listener, end_calls);
  // All calls have ended, so a collector gets the time that it needs.
  end_limit.reset();
  end_limit.emplace(name);
  telemetry->FinishMetrics();
  end_limit->Shorten(program->last_patience());
  program.reset();
  end_limit.reset();
  telemetry->FinishSpans();
  Log(LogLevel::kInfo, "stopped");
}

}  // namespace

int RunServer(const std::string& name, const std::string& purpose,
              const std::string& default_listen, std::vector<Flag> flags, int argc, char** argv,
              const MakeProgram& make) {
  const std::string program_name = "clustr-" + name;
  flags.insert(
      flags.begin(),
      {{"listen", default_listen,
        "HOST:PORT to serve on, at all addresses of the host; port 0 picks a free one"},
       {"port-file", "", "file that receives the port once it is open"},
       {"health-listen", "",
        "HOST:PORT to answer health checks on, in plaintext, and nothing else; \"\" for no "
        "port besides --listen, which answers them, too"}});
  const std::vector<Flag> shared = FlagsOfEveryServer();
  flags.insert(flags.begin() + 3, shared.begin(), shared.end());
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (PrintText(program_name, purpose, flags, arguments)) return 0;
  const absl::StatusOr<Flags> values = Flags::Parse(flags, arguments);
  if (!values.ok()) return Fail(program_name, values.status().message(), kExitUsage);
  RaiseFileLimit();
  const absl::StatusOr<ListenerSettings> settings = ReadListenerSettings(*values);
  if (!settings.ok()) return Fail(program_name, settings.status().message(), kExitUsage);
  const absl::StatusOr<LogLevel> level = LogLevelOf(*values);
  if (!level.ok()) return Fail(program_name, level.status().message(), kExitUsage);

  // Debian builds Abseil with its deadlock detector on, which costs a few percent of everything.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  const sigset_t signals = BlockStopSignals();
  StartServerLog(name, *level);
  // Lives longer than the server, whose calls it receives.
  Reception reception;
  if (absl::Status opened = OpenReception(*values, &reception); !opened.ok()) {
    return Fail(program_name, opened.message(), kExitUsage);
  }
  const absl::StatusOr<std::unique_ptr<Telemetry>> telemetry =
      Telemetry::Open(program_name, CLUSTR_VERSION, *values);
  if (!telemetry.ok()) return Fail(program_name, telemetry.status().message(), kExitUsage);
  reception.tracer = (*telemetry)->tracer();
  // Before the program, whose start may take long: it upgrades and checks its database.
  // A process that only makes the tables may run beside a server.
  const bool serves = values->ValueOr("schema", "") != "create-and-exit";
  absl::StatusOr<std::unique_ptr<HealthPort>> health_port = OpenHealthPort(*values, serves);
  if (!health_port.ok()) {
    return Fail(program_name, health_port.status().message(),
                absl::IsInvalidArgument(health_port.status()) ? kExitUsage : kExitPort);
  }
  absl::StatusOr<std::unique_ptr<Program>> program = make(*values, reception.tracer);
  if (!program.ok()) return Fail(program_name, program.status().message(), kExitUsage);
  if (*program == nullptr) {
    StopLog();
    return 0;
  }

  const std::shared_ptr<const ServerStatus> status =
      StatusOf(name, program->get(), *settings, reception.gatekeeper.get(), telemetry->get());
  const std::unique_ptr<grpc::Service> admin = MakeAdminService(status);
  std::vector<grpc::Service*> services = (*program)->services();
  services.push_back(admin.get());
  absl::StatusOr<Listener> listener = Listen(*settings, services, &reception);
  if (!listener.ok()) {
    return Fail(program_name, listener.status().message(),
                absl::IsInvalidArgument(listener.status()) ? kExitUsage : kExitPort);
  }
  const auto add_metrics = [&, connections = listener->connections.get()](Metrics* metrics) {
    status->AddMetrics(reception.metrics, metrics);
    AddConnections(connections->totals(), metrics);
    (*telemetry)->AddMetrics(metrics);
  };
  absl::StatusOr<std::unique_ptr<MetricsPort>> metrics = OpenMetrics(*values, add_metrics);
  if (!metrics.ok()) {
    return Fail(program_name, metrics.status().message(),
                absl::IsInvalidArgument(metrics.status()) ? kExitUsage : kExitPort);
  }
  const int port = listener->connections->port();
  ReportHealth(listener->server->GetHealthCheckService(), health_port->get(), program->get());
  const std::string& port_file = (*values)["port-file"];
  if (!port_file.empty() && !WritePortFile(port_file, port)) {
    return Fail(program_name,
                absl::StrCat("cannot write --port-file=", port_file,
                             "; give a path that this user may write to"),
                kExitUsage);
  }
  (*telemetry)->StartMetrics(add_metrics);
  Log(LogLevel::kInfo, "serving",
      {{"listen", listener->AddressText()}, {"port", absl::StrCat(port)}});

  int signal_number = 0;
  {
    const MemoryReturn memory_return;
    const SelfDial self_dial(listener->connections.get(), settings->limits.tls, settings->max_deaf,
                             [&](const std::string& deaf) { EndDeaf(program_name, deaf); });
    sigwait(&signals, &signal_number);
  }
  Drain(program_name, *std::move(listener), health_port->get(), *std::move(metrics),
        *std::move(program), telemetry->get());
  reception.audit.reset();
  StopLog();
  return 0;
}

}  // namespace clustr::rpc
