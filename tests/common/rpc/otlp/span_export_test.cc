#include "common/rpc/otlp/span_export.h"

#include <memory>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/common/rpc/otlp/fake_collector.h"

namespace clustr::rpc {
namespace {

using testing::FakeCollector;

const Sender kSender = {"clustr-sales", "1.2.3", "an-instance", 5};

class SpanExportTest : public ::testing::Test {
 protected:
  // Sends the spans of tracer_ to `address`.
  void SendTo(const std::string& address) {
    channel_ = std::make_unique<ClientChannel>(address, nullptr, grpc::ChannelArguments());
    sent_ = std::make_unique<SpanExport>(&tracer_, channel_.get(), kSender);
  }

  void Record(int count) {
    for (int i = 0; i < count; ++i) {
      Span span;
      span.trace = tracer_.Begin();
      span.method = "a.B/C";
      tracer_.Record(std::move(span));
    }
  }

  // Waits until so many spans were sent or given up.
  void AwaitSettled(int64_t count) {
    const SteadyTime start = SteadyNow();
    while (sent_->sent() + sent_->failed() < count && Since(start) < absl::Seconds(30)) {
      absl::SleepFor(absl::Milliseconds(2));
    }
  }

  static int SpansIn(const FakeCollector::Request& request) {
    return request.resource_spans(0).scope_spans(0).spans_size();
  }

  Tracer tracer_{1, 2'000};
  std::unique_ptr<ClientChannel> channel_;
  std::unique_ptr<SpanExport> sent_;
};

TEST_F(SpanExportTest, SendsSpansInBatches) {
  FakeCollector collector;
  SendTo(collector.address());
  Record(1'100);
  AwaitSettled(1'100);
  EXPECT_EQ(sent_->sent(), 1'100);
  EXPECT_EQ(sent_->failed(), 0);
  int total = 0;
  for (const auto& request : collector.Await(3)) {
    EXPECT_LE(SpansIn(request), 512);
    total += SpansIn(request);
  }
  EXPECT_EQ(total, 1'100);
}

TEST_F(SpanExportTest, SendsTheLastSpansWhenTheProcessEnds) {
  FakeCollector collector;
  SendTo(collector.address());
  Record(3);
  sent_.reset();
  const auto requests = collector.Await(1);
  ASSERT_GE(requests.size(), 1u);
  int total = 0;
  for (const auto& request : requests) total += SpansIn(request);
  EXPECT_EQ(total, 3);
}

TEST_F(SpanExportTest, SendsAgainWhatTheCollectorCouldNotTake) {
  FakeCollector collector([](int number, grpc::ServerContext*, FakeCollector::Response*) {
    return number == 0 ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "busy") : grpc::Status::OK;
  });
  SendTo(collector.address());
  Record(1);
  AwaitSettled(1);
  const auto requests = collector.Await(2);
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[0].SerializeAsString(), requests[1].SerializeAsString());
  EXPECT_EQ(sent_->sent(), 1);
}

TEST_F(SpanExportTest, GivesUpWhatTheCollectorRefuses) {
  FakeCollector collector([](int number, grpc::ServerContext*, FakeCollector::Response* response) {
    if (number == 0) return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "no");
    response->mutable_partial_success()->set_rejected_spans(number == 1 ? 1 : 1'000);
    return grpc::Status::OK;
  });
  SendTo(collector.address());
  Record(2);
  AwaitSettled(2);
  EXPECT_EQ(sent_->failed(), 2);
  Record(1);
  AwaitSettled(3);
  EXPECT_EQ(sent_->failed(), 3);
  // More than were sent cannot be refused.
  Record(1);
  AwaitSettled(4);
  EXPECT_EQ(sent_->failed(), 4);
  EXPECT_EQ(sent_->sent(), 0);
}

TEST_F(SpanExportTest, ACollectorThatHangsHoldsTheEndForItsLimitAtMost) {
  FakeCollector collector([](int, grpc::ServerContext* context, FakeCollector::Response*) {
    while (!context->IsCancelled()) absl::SleepFor(absl::Milliseconds(5));
    return grpc::Status::CANCELLED;
  });
  SendTo(collector.address());
  Record(1'500);
  collector.Await(1);
  const SteadyTime start = SteadyNow();
  sent_.reset();
  EXPECT_LT(Since(start), SpanExport::kEndLimit + absl::Seconds(1));
}

TEST_F(SpanExportTest, WithoutACollectorTheProcessEndsAtOnce) {
  SendTo("127.0.0.1:1");
  Record(1'500);
  const SteadyTime start = SteadyNow();
  sent_.reset();
  EXPECT_LT(Since(start), absl::Seconds(1.5));
}

}  // namespace
}  // namespace clustr::rpc
