#include "common/streaming/finish_stream.h"

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "clustr/catalog/v1/catalog_stream_service.grpc.pb.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"

namespace clustr::streaming {
namespace {

using catalog::v1::CatalogStreamService;
using catalog::v1::StreamCatalogRequest;
using catalog::v1::StreamCatalogResponse;

// Sends one message that no client can parse, and then keeps the stream open or ends it.
class UnreadableStream final : public grpc::ServerGenericBidiReactor {
 public:
  explicit UnreadableStream(bool ends) : ends_(ends) {
    const grpc::Slice slice("\xFF\xFF\xFF");
    message_ = grpc::ByteBuffer(&slice, 1);
    StartWrite(&message_);
  }
  void OnWriteDone(bool ok) override {
    if (ends_) Finish(grpc::Status(grpc::StatusCode::OUT_OF_RANGE, "ended"));
  }
  void OnCancel() override {
    if (!ends_) Finish(grpc::Status::CANCELLED);
  }
  void OnDone() override { delete this; }

 private:
  const bool ends_;
  grpc::ByteBuffer message_;
};

class UnreadableService final : public grpc::CallbackGenericService {
 public:
  explicit UnreadableService(bool ends) : ends_(ends) {}
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext*) override {
    return new UnreadableStream(ends_);
  }

 private:
  const bool ends_;
};

// The status of a stream from a service that sends a message that cannot be parsed.
grpc::Status StatusOfStream(bool ends) {
  UnreadableService service(ends);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterCallbackGenericService(&service);
  const auto server = builder.BuildAndStart();
  const auto stub = CatalogStreamService::NewStub(
      grpc::CreateChannel("127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  const auto reader = stub->StreamCatalog(&context, StreamCatalogRequest());
  StreamCatalogResponse response;
  EXPECT_FALSE(reader->Read(&response));
  const grpc::Status status = FinishStream(*reader, &context);
  server->Shutdown(std::chrono::system_clock::now());
  return status;
}

// Finish used to wait for ever for the end of such a stream, and a server that followed it could
// not even be stopped.
TEST(FinishStreamTest, LeavesAStreamThatStaysOpenAfterAMessageThatCannotBeParsed) {
  const absl::Time start = absl::Now();
  EXPECT_FALSE(StatusOfStream(/*ends=*/false).ok());
  EXPECT_LT(absl::Now() - start, absl::Seconds(30));
}

TEST(FinishStreamTest, KeepsTheStatusOfAStreamThatEnds) {
  const grpc::Status status = StatusOfStream(/*ends=*/true);
  EXPECT_FALSE(status.ok());
  EXPECT_NE(status.error_code(), grpc::StatusCode::CANCELLED) << status.error_message();
}

}  // namespace
}  // namespace clustr::streaming
