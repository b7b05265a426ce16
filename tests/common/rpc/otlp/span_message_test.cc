#include "common/rpc/otlp/span_message.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr::rpc {
namespace {

using testing::EqualsText;

const Sender kSender = {"clustr-sales", "1.2.3", "an-instance", 5};

Span SpanOf(Span::Kind kind, absl::StatusCode code) {
  Span span;
  span.trace.trace_id = "41414141414141414141414141414141";
  span.trace.span_id = "4242424242424242";
  span.kind = kind;
  span.method = "clustr.sales.v1.SaleService/GetSale";
  span.end_unix_nanos = 2'000'000'000'000'000'123;
  span.elapsed = absl::Nanoseconds(23);
  span.code = code;
  return span;
}

TEST(SpanMessageTest, ACallThatArrivedHasTheNamesOfTheConventions) {
  Span span = SpanOf(Span::Kind::kServer, absl::StatusCode::kUnavailable);
  span.trace.parent_id = "4343434343434343";
  span.trace.state = "vendor=1";
  span.reason = "UPSTREAM";
  EXPECT_THAT(MessageOf({&span, 1}, kSender), EqualsText(R"(
    resource_spans {
      resource {
        attributes { key: "service.name" value { string_value: "clustr-sales" } }
        attributes { key: "service.version" value { string_value: "1.2.3" } }
        attributes { key: "service.instance.id" value { string_value: "an-instance" } }
      }
      scope_spans {
        scope { name: "clustr" version: "1.2.3" }
        spans {
          trace_id: "AAAAAAAAAAAAAAAA"
          span_id: "BBBBBBBB"
          parent_span_id: "CCCCCCCC"
          trace_state: "vendor=1"
          flags: 769
          name: "clustr.sales.v1.SaleService/GetSale"
          kind: SPAN_KIND_SERVER
          start_time_unix_nano: 2000000000000000100
          end_time_unix_nano: 2000000000000000123
          attributes { key: "rpc.system.name" value { string_value: "grpc" } }
          attributes {
            key: "rpc.method"
            value { string_value: "clustr.sales.v1.SaleService/GetSale" }
          }
          attributes { key: "rpc.response.status_code" value { string_value: "UNAVAILABLE" } }
          attributes { key: "clustr.reason" value { string_value: "UPSTREAM" } }
          attributes { key: "error.type" value { string_value: "UNAVAILABLE" } }
          status { code: STATUS_CODE_ERROR }
        }
      }
    }
  )"));
}

TEST(SpanMessageTest, ACallToAnotherServiceNamesIt) {
  for (const auto& [server, host] :
       {std::pair<std::string, std::string>("catalog:50051", "catalog"),
        {"[2001:db8::7]:50051", "2001:db8::7"}}) {
    Span span = SpanOf(Span::Kind::kClient, absl::StatusCode::kOk);
    span.server = server;
    EXPECT_THAT(
        MessageOf({&span, 1}, kSender).resource_spans(0).scope_spans(0).spans(0), EqualsText(R"(
                  trace_id: "AAAAAAAAAAAAAAAA"
                  span_id: "BBBBBBBB"
                  flags: 257
                  name: "clustr.sales.v1.SaleService/GetSale"
                  kind: SPAN_KIND_CLIENT
                  start_time_unix_nano: 2000000000000000100
                  end_time_unix_nano: 2000000000000000123
                  attributes { key: "rpc.system.name" value { string_value: "grpc" } }
                  attributes {
                    key: "rpc.method"
                    value { string_value: "clustr.sales.v1.SaleService/GetSale" }
                  }
                  attributes { key: "rpc.response.status_code" value { string_value: "OK" } }
                  attributes { key: "server.address" value { string_value: ")" + host + R"(" } }
                  attributes { key: "server.port" value { int_value: 50051 } }
                )"))
        << server;
  }
}

TEST(SpanMessageTest, AServerCountsWhatItsClientCannotAvoidAsErrors) {
  const auto is_error = [](Span::Kind kind, absl::StatusCode code) {
    const Span span = SpanOf(kind, code);
    return MessageOf({&span, 1}, kSender)
               .resource_spans(0)
               .scope_spans(0)
               .spans(0)
               .status()
               .code() == opentelemetry::proto::trace::v1::Status::STATUS_CODE_ERROR;
  };
  for (int code = 1; code <= 16; ++code) {
    const auto status = static_cast<absl::StatusCode>(code);
    const bool server =
        code == 2 || code == 4 || code == 12 || code == 13 || code == 14 || code == 15;
    EXPECT_EQ(is_error(Span::Kind::kServer, status), server) << code;
    EXPECT_TRUE(is_error(Span::Kind::kClient, status)) << code;
  }
  EXPECT_FALSE(is_error(Span::Kind::kServer, absl::StatusCode::kOk));
  EXPECT_FALSE(is_error(Span::Kind::kClient, absl::StatusCode::kOk));
}

}  // namespace
}  // namespace clustr::rpc
