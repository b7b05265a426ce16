#ifndef CLUSTR_TESTS_BENCH_SERVICE_CALL_H_
#define CLUSTR_TESTS_BENCH_SERVICE_CALL_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"

namespace clustr::bench {

// Deadline of every call of a benchmark.
inline constexpr std::chrono::seconds kCallTimeout{20};

// Returns a channel with its own connection.
std::shared_ptr<grpc::Channel> Connect(const std::string& address);

// Stubs of one service over several connections, as if there were several clients.
template <class Service>
class Stubs {
 public:
  Stubs(const std::string& address, int connections) {
    for (int i = 0; i < connections; ++i) stubs_.push_back(Service::NewStub(Connect(address)));
  }

  typename Service::Stub& of(int client) const { return *stubs_[client % stubs_.size()]; }

 private:
  std::vector<std::unique_ptr<typename Service::Stub>> stubs_;
};

// Starts an asynchronous unary call: `invoke(context, request, response, callback)` names the
// method, `done(status, response)` runs on one of gRPC's threads.
template <class Response, class Request, class Invoke, class Done>
void StartCall(Request request, const Invoke& invoke, Done done) {
  struct Call {
    grpc::ClientContext context;
    Request request;
    Response response;
    Done done;
  };
  auto* call = new Call{{}, std::move(request), {}, std::move(done)};
  call->context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
  std::function<void(grpc::Status)> callback = [call](const grpc::Status& status) {
    const std::unique_ptr<Call> owned(call);
    call->done(status, call->response);
  };
  invoke(&call->context, &call->request, &call->response, std::move(callback));
}

}  // namespace clustr::bench

#endif  // CLUSTR_TESTS_BENCH_SERVICE_CALL_H_
