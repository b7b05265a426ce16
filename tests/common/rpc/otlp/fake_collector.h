#ifndef CLUSTR_TESTS_COMMON_RPC_OTLP_FAKE_COLLECTOR_H_
#define CLUSTR_TESTS_COMMON_RPC_OTLP_FAKE_COLLECTOR_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.grpc.pb.h"

namespace clustr::testing {

// A collector of spans that answers as a test says.
class FakeCollector final
    : public opentelemetry::proto::collector::trace::v1::TraceService::Service {
 public:
  using Request = opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest;
  using Response = opentelemetry::proto::collector::trace::v1::ExportTraceServiceResponse;
  // Answers the request of this number, from 0.
  using Answer = std::function<grpc::Status(int number, grpc::ServerContext*, Response*)>;

  explicit FakeCollector(Answer answer = [](int, grpc::ServerContext*,
                                            Response*) { return grpc::Status::OK; })
      : answer_(std::move(answer)) {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    address_ = absl::StrCat("127.0.0.1:", port);
  }
  ~FakeCollector() override { server_->Shutdown(absl::ToChronoTime(absl::Now())); }

  const std::string& address() const { return address_; }

  // Waits until so many requests have come, and returns all of them.
  std::vector<Request> Await(size_t count) {
    absl::MutexLock lock(&mutex_);
    const auto enough = [&] { return requests_.size() >= count; };
    mutex_.AwaitWithTimeout(absl::Condition(&enough), absl::Seconds(30));
    return requests_;
  }

 private:
  grpc::Status Export(grpc::ServerContext* context, const Request* request,
                      Response* response) override {
    int number = 0;
    {
      absl::MutexLock lock(&mutex_);
      number = static_cast<int>(requests_.size());
      requests_.push_back(*request);
    }
    return answer_(number, context, response);
  }

  const Answer answer_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
  absl::Mutex mutex_;
  std::vector<Request> requests_;
};

}  // namespace clustr::testing

#endif  // CLUSTR_TESTS_COMMON_RPC_OTLP_FAKE_COLLECTOR_H_
