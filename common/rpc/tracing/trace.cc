#include "common/rpc/tracing/trace.h"

#include <algorithm>
#include <cstdint>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"

namespace clustr::rpc {
namespace {

constexpr char kParentHeader[] = "traceparent";
constexpr char kStateHeader[] = "tracestate";
constexpr size_t kMaxState = 512;  // Bytes that the recommendation asks to pass on.

bool IsHex(absl::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == absl::string_view::npos;
}

bool IsId(absl::string_view text) {
  return IsHex(text) && text.find_first_not_of('0') != absl::string_view::npos;
}

// True for a value that gRPC sends in a header; a call with any other fails.
bool IsHeaderValue(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

// The first value of a header of `context`; "" if it is not there.
absl::string_view HeaderOf(const grpc::ServerContextBase& context, const char* name) {
  const auto found = context.client_metadata().find(name);
  if (found == context.client_metadata().end()) return "";
  return absl::string_view(found->second.data(), found->second.size());
}

// 16 digits that are not all 0.
std::string NewId() {
  thread_local absl::BitGen random;
  return absl::StrCat(
      absl::Hex(absl::Uniform<uint64_t>(absl::IntervalClosed, random, 1, ~0ull), absl::kZeroPad16));
}

}  // namespace

Trace Trace::Under(absl::string_view traceparent, absl::string_view tracestate) {
  // VERSION-TRACE-SPAN-FLAGS; a later version may have more.
  const bool known =
      traceparent.size() >= 55 && traceparent[2] == '-' && traceparent[35] == '-' &&
      traceparent[52] == '-' && IsHex(traceparent.substr(0, 2)) &&
      traceparent.substr(0, 2) != "ff" && IsId(traceparent.substr(3, 32)) &&
      IsId(traceparent.substr(36, 16)) && IsHex(traceparent.substr(53, 2)) &&
      (traceparent.size() == 55 || (traceparent.substr(0, 2) != "00" && traceparent[55] == '-'));
  Trace trace;
  trace.span_id = NewId();
  if (!known) {
    trace.trace_id = absl::StrCat(NewId(), NewId());
    return trace;
  }
  trace.trace_id = std::string(traceparent.substr(3, 32));
  trace.parent_id = std::string(traceparent.substr(36, 16));
  const char flags = traceparent[54];
  const int digit = flags <= '9' ? flags - '0' : flags - 'a' + 10;
  trace.sampled = (digit & 1) != 0;
  if (tracestate.size() <= kMaxState && IsHeaderValue(tracestate)) {
    trace.state = std::string(tracestate);
  }
  return trace;
}

Trace Trace::Of(const grpc::ServerContextBase& context) {
  const absl::string_view parent = HeaderOf(context, kParentHeader);
  return parent.empty() ? Under("") : Under(parent, HeaderOf(context, kStateHeader));
}

Trace Trace::Child() const {
  Trace child = *this;
  child.parent_id = span_id;
  child.span_id = NewId();
  return child;
}

std::string Trace::Traceparent() const {
  return absl::StrCat("00-", trace_id, "-", span_id, sampled ? "-01" : "-00");
}

void Trace::PassOn(grpc::ClientContext* context) const {
  context->AddMetadata(kParentHeader, Traceparent());
  if (!state.empty()) context->AddMetadata(kStateHeader, state);
}

}  // namespace clustr::rpc
