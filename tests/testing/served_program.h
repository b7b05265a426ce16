#ifndef CLUSTR_TESTS_TESTING_SERVED_PROGRAM_H_
#define CLUSTR_TESTS_TESTING_SERVED_PROGRAM_H_

#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/testing/matchers.h"
#include "tests/testing/program_server.h"
#include "tests/testing/temp_folder.h"

namespace clustr::testing {

// A real server over a temporary folder of its own, with a stub for each of `Services`. Requests
// are text protos; a method is named by its stub's: Ask(&Products::GetProduct, "product_sku: 7").
template <class... Services>
class ServedProgram {
 public:
  using Make = std::function<absl::StatusOr<std::unique_ptr<rpc::Program>>(const TempFolder&)>;

  // Starts what `make` makes; a failure fails the test.
  explicit ServedProgram(Make make)
      : server_([this, make = std::move(make)] { return make(folder_); }),
        stubs_(Services::NewStub(server_.channel())...) {}

  ProgramServer& server() { return server_; }
  const TempFolder& folder() const { return folder_; }
  template <class Stub>
  Stub& stub() {
    return *std::get<std::unique_ptr<Stub>>(stubs_);
  }

  // The newest revision.
  int64_t Head();

  // Makes a unary call.
  template <class Stub, class Request, class Response>
  absl::StatusOr<Response> Ask(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                            Response*),
                               const std::string& request) {
    return Call(method, stub<Stub>(), Text<Request>(request));
  }

  // Sends the requests in a client stream, one message each.
  template <class Stub, class Request, class Response>
  absl::StatusOr<Response> Send(
      std::unique_ptr<grpc::ClientWriter<Request>> (Stub::*method)(grpc::ClientContext*, Response*),
      const std::vector<std::string>& requests) {
    std::vector<Request> messages;
    for (const std::string& request : requests) messages.push_back(Text<Request>(request));
    return SendAll(method, messages);
  }
  template <class Stub, class Request, class Response>
  absl::StatusOr<Response> SendAll(
      std::unique_ptr<grpc::ClientWriter<Request>> (Stub::*method)(grpc::ClientContext*, Response*),
      const std::vector<Request>& requests);

  // Returns all messages of a server stream.
  template <class Stub, class Request, class Response>
  absl::StatusOr<std::vector<Response>> Receive(
      std::unique_ptr<grpc::ClientReader<Response>> (Stub::*method)(grpc::ClientContext*,
                                                                    const Request&),
      const std::string& request);

 private:
  const TempFolder folder_;
  ProgramServer server_;
  const std::tuple<std::unique_ptr<typename Services::Stub>...> stubs_;
};

// Implementation.

template <class... Services>
int64_t ServedProgram<Services...>::Head() {
  ops::v1::GetStatusResponse status;
  server_.program().AddStatus(&status);
  return status.revision();
}

template <class... Services>
template <class Stub, class Request, class Response>
absl::StatusOr<Response> ServedProgram<Services...>::SendAll(
    std::unique_ptr<grpc::ClientWriter<Request>> (Stub::*method)(grpc::ClientContext*, Response*),
    const std::vector<Request>& requests) {
  grpc::ClientContext context;
  Patient(&context);
  Response response;
  const auto writer = (stub<Stub>().*method)(&context, &response);
  for (const Request& request : requests) {
    if (!writer->Write(request)) break;
  }
  writer->WritesDone();
  if (const grpc::Status status = writer->Finish(); !status.ok()) return rpc::FromGrpc(status);
  return response;
}

template <class... Services>
template <class Stub, class Request, class Response>
absl::StatusOr<std::vector<Response>> ServedProgram<Services...>::Receive(
    std::unique_ptr<grpc::ClientReader<Response>> (Stub::*method)(grpc::ClientContext*,
                                                                  const Request&),
    const std::string& request) {
  grpc::ClientContext context;
  Patient(&context);
  const auto reader = (stub<Stub>().*method)(&context, Text<Request>(request));
  std::vector<Response> responses;
  for (Response response; reader->Read(&response);) responses.push_back(response);
  if (const grpc::Status status = reader->Finish(); !status.ok()) return rpc::FromGrpc(status);
  return responses;
}

}  // namespace clustr::testing

#endif  // CLUSTR_TESTS_TESTING_SERVED_PROGRAM_H_
