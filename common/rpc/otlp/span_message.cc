#include "common/rpc/otlp/span_message.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"

namespace clustr::rpc {
namespace {

namespace otlp = opentelemetry::proto;
using otlp::trace::v1::SpanFlags;

constexpr uint32_t kSampled = 1;  // The bit `sampled` among the flags of a traceparent.

// The conventions count those errors of a server that its client cannot avoid. A client counts all.
bool IsError(Span::Kind kind, absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return false;
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDataLoss:
      return true;
    default:
      return kind == Span::Kind::kClient;
  }
}

void AddServer(absl::string_view server, OtlpAttributes* attributes) {
  const size_t colon = server.rfind(':');
  AddAttribute("server.address",
               absl::StrReplaceAll(server.substr(0, colon), {{"[", ""}, {"]", ""}}), attributes);
  int64_t port = 0;
  if (colon == absl::string_view::npos || !absl::SimpleAtoi(server.substr(colon + 1), &port)) {
    return;
  }
  auto& attribute = *attributes->Add();
  attribute.set_key("server.port");
  attribute.mutable_value()->set_int_value(port);
}

void Fill(const Span& span, otlp::trace::v1::Span* message) {
  const bool server = span.kind == Span::Kind::kServer;
  const Trace& trace = span.trace;
  message->set_trace_id(absl::HexStringToBytes(trace.trace_id));
  message->set_span_id(absl::HexStringToBytes(trace.span_id));
  message->set_parent_span_id(absl::HexStringToBytes(trace.parent_id));
  message->set_trace_state(trace.state);
  // The parent of a call that arrived is in another process.
  message->set_flags(kSampled | SpanFlags::SPAN_FLAGS_CONTEXT_HAS_IS_REMOTE_MASK |
                     (server && !trace.parent_id.empty()
                          ? static_cast<uint32_t>(SpanFlags::SPAN_FLAGS_CONTEXT_IS_REMOTE_MASK)
                          : 0));
  message->set_name(std::string(span.method));
  message->set_kind(server ? otlp::trace::v1::Span::SPAN_KIND_SERVER
                           : otlp::trace::v1::Span::SPAN_KIND_CLIENT);
  message->set_start_time_unix_nano(
      static_cast<uint64_t>(span.end_unix_nanos - absl::ToInt64Nanoseconds(span.elapsed)));
  message->set_end_time_unix_nano(static_cast<uint64_t>(span.end_unix_nanos));
  const std::string code = absl::StatusCodeToString(span.code);
  OtlpAttributes& attributes = *message->mutable_attributes();
  AddAttribute("rpc.system.name", "grpc", &attributes);
  AddAttribute("rpc.method", span.method, &attributes);
  AddAttribute("rpc.response.status_code", code, &attributes);
  if (!server) AddServer(span.server, &attributes);
  if (!span.reason.empty()) AddAttribute("clustr.reason", span.reason, &attributes);
  if (!IsError(span.kind, span.code)) return;
  AddAttribute("error.type", code, &attributes);
  message->mutable_status()->set_code(otlp::trace::v1::Status::STATUS_CODE_ERROR);
}

}  // namespace

otlp::collector::trace::v1::ExportTraceServiceRequest MessageOf(absl::Span<const Span> spans,
                                                                const Sender& sender) {
  otlp::collector::trace::v1::ExportTraceServiceRequest request;
  auto& of_process = *request.add_resource_spans();
  FillResource(sender, of_process.mutable_resource());
  auto& of_scope = *of_process.add_scope_spans();
  FillScope(sender, of_scope.mutable_scope());
  for (const Span& span : spans) Fill(span, of_scope.add_spans());
  return request;
}

}  // namespace clustr::rpc
