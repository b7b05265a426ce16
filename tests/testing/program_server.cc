#include "tests/testing/program_server.h"

#include <chrono>

#include "absl/strings/str_cat.h"
#include "common/rpc/admin/server_status.h"
#include "common/streaming/upstream.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"

namespace clustr::testing {
namespace {

constexpr std::chrono::seconds kPatience{30};
// A stream whose client has stopped reading only ends when it is cancelled.
constexpr std::chrono::seconds kDrainLimit{1};

}  // namespace

ProgramServer::ProgramServer(Make make) : make_(std::move(make)) {
  Start();
  channel_ = streaming::Upstream(address_).channel();
}

ProgramServer::~ProgramServer() { Stop(); }

void ProgramServer::Stop() {
  if (server_ == nullptr) return;
  program_->Drain();
  server_->Shutdown(std::chrono::system_clock::now() + kDrainLimit);
  server_->Wait();
  server_.reset();
  admin_.reset();
  program_.reset();
}

void ProgramServer::Start() {
  auto program = make_();
  ASSERT_TRUE(program.ok()) << program.status();
  program_ = *std::move(program);
  admin_ = rpc::MakeAdminService(std::make_shared<const rpc::ServerStatus>("test", program_.get()));
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(address_, grpc::InsecureServerCredentials(), &port);
  for (grpc::Service* service : program_->services()) builder.RegisterService(service);
  builder.RegisterService(admin_.get());
  server_ = builder.BuildAndStart();
  ASSERT_NE(server_, nullptr) << "cannot listen on " << address_;
  address_ = absl::StrCat("127.0.0.1:", port);
  program_->Started([](const std::string&, bool) {});
}

void Patient(grpc::ClientContext* context) {
  context->set_wait_for_ready(true);
  context->set_deadline(std::chrono::system_clock::now() + kPatience);
}

}  // namespace clustr::testing
