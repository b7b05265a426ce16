#include <signal.h>

#include <fstream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "clustr/ops/v1/admin_service.grpc.pb.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "tests/bench/service/command.h"

namespace clustr::bench {
namespace {

// Serves a call that does nothing, so that only gRPC is measured.
class EmptyService final : public ops::v1::AdminService::CallbackService {
 public:
  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const ops::v1::GetStatusRequest* request,
                                      ops::v1::GetStatusResponse* response) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

class EmptyServerCommand : public Command {
 public:
  void DefineFlags(ctl::FlagSet* flags) override {
    flags->Text("listen", "HOST:PORT", "default 127.0.0.1:0, a free port", &listen_);
    flags->Text("port-file", "FILE", "receives the port once it is open", &port_file_);
  }

  absl::Status Run(Report* report) override {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    EmptyService service;
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort(listen_, grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service);
    const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
    if (server == nullptr || port == 0) {
      return absl::UnavailableError(absl::StrCat("cannot listen on ", listen_));
    }
    if (!port_file_.empty() && !(std::ofstream(port_file_) << port << std::endl)) {
      return absl::InvalidArgumentError(absl::StrCat("cannot write --port-file=", port_file_));
    }
    int signal_number = 0;
    sigwait(&signals, &signal_number);
    server->Shutdown();
    return absl::OkStatus();
  }

 private:
  std::string listen_ = "127.0.0.1:0";
  std::string port_file_;
};

}  // namespace

std::unique_ptr<Command> MakeEmptyServerCommand() { return std::make_unique<EmptyServerCommand>(); }

}  // namespace clustr::bench
