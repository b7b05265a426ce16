#ifndef CLUSTR_TESTS_TESTING_CATALOG_SERVER_H_
#define CLUSTR_TESTS_TESTING_CATALOG_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clustr/catalog/v1/catalog_stream_service.grpc.pb.h"
#include "clustr/catalog/v1/customer_service.grpc.pb.h"
#include "clustr/catalog/v1/product_service.grpc.pb.h"
#include "clustr/catalog/v1/timeframe_service.grpc.pb.h"
#include "tests/testing/matchers.h"
#include "tests/testing/program_server.h"
#include "tests/testing/temp_folder.h"

namespace clustr::testing {

using Products = catalog::v1::ProductService::Stub;
using Customers = catalog::v1::CustomerService::Stub;
using Timeframes = catalog::v1::TimeframeService::Stub;
using CatalogStream = catalog::v1::CatalogStreamService::Stub;

// A real catalog over a database of its own, and its clients. Requests are text protos.
class CatalogServer {
 public:
  CatalogServer();

  ProgramServer& server() { return server_; }
  const TempFolder& folder() const { return folder_; }
  CatalogStream& stream() { return *stream_; }

  // The newest revision.
  int64_t Head();

  // One unary call: Ask(&Products::GetProduct, "product_sku: 7").
  template <class Stub, class Request, class Response>
  absl::StatusOr<Response> Ask(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                            Response*),
                               const std::string& request) {
    return Call(method, Client(static_cast<Stub*>(nullptr)), Text<Request>(request));
  }

  // One client stream, a request a message.
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
      const std::vector<Request>& requests) {
    grpc::ClientContext context;
    Patient(&context);
    Response response;
    const auto writer = (Client(static_cast<Stub*>(nullptr)).*method)(&context, &response);
    for (const Request& request : requests) {
      if (!writer->Write(request)) break;
    }
    writer->WritesDone();
    if (const grpc::Status status = writer->Finish(); !status.ok()) return rpc::FromGrpc(status);
    return response;
  }

  // All messages of a server stream.
  template <class Stub, class Request, class Response>
  absl::StatusOr<std::vector<Response>> Receive(
      std::unique_ptr<grpc::ClientReader<Response>> (Stub::*method)(grpc::ClientContext*,
                                                                    const Request&),
      const std::string& request) {
    grpc::ClientContext context;
    Patient(&context);
    const auto reader =
        (Client(static_cast<Stub*>(nullptr)).*method)(&context, Text<Request>(request));
    std::vector<Response> responses;
    for (Response response; reader->Read(&response);) responses.push_back(response);
    if (const grpc::Status status = reader->Finish(); !status.ok()) return rpc::FromGrpc(status);
    return responses;
  }

 private:
  Products& Client(Products*) { return *products_; }
  Customers& Client(Customers*) { return *customers_; }
  Timeframes& Client(Timeframes*) { return *timeframes_; }
  CatalogStream& Client(CatalogStream*) { return *stream_; }

  TempFolder folder_;
  ProgramServer server_;
  const std::unique_ptr<Products> products_;
  const std::unique_ptr<Customers> customers_;
  const std::unique_ptr<Timeframes> timeframes_;
  const std::unique_ptr<CatalogStream> stream_;
};

}  // namespace clustr::testing

#endif  // CLUSTR_TESTS_TESTING_CATALOG_SERVER_H_
