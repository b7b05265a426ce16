#include "common/rpc/records/trace.h"

#include <cstdint>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"

namespace clustr::rpc {
namespace {

constexpr char kHeader[] = "traceparent";

bool IsHex(absl::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == absl::string_view::npos;
}

bool IsId(absl::string_view text) {
  return IsHex(text) && text.find_first_not_of('0') != absl::string_view::npos;
}

// 16 digits that are not all 0.
std::string NewId() {
  thread_local absl::BitGen random;
  return absl::StrCat(
      absl::Hex(absl::Uniform<uint64_t>(absl::IntervalClosed, random, 1, ~0ull), absl::kZeroPad16));
}

}  // namespace

Trace Trace::Under(absl::string_view traceparent) {
  // VERSION-TRACE-SPAN-FLAGS; a later version may have more.
  const bool known =
      traceparent.size() >= 55 && traceparent[2] == '-' && traceparent[35] == '-' &&
      traceparent[52] == '-' && IsHex(traceparent.substr(0, 2)) &&
      traceparent.substr(0, 2) != "ff" && IsId(traceparent.substr(3, 32)) &&
      IsId(traceparent.substr(36, 16)) && IsHex(traceparent.substr(53, 2)) &&
      (traceparent.size() == 55 || (traceparent.substr(0, 2) != "00" && traceparent[55] == '-'));
  if (!known) return {absl::StrCat(NewId(), NewId()), NewId(), false};
  const char flags = traceparent[54];
  const int digit = flags <= '9' ? flags - '0' : flags - 'a' + 10;
  return {std::string(traceparent.substr(3, 32)), NewId(), (digit & 1) != 0};
}

Trace Trace::Of(const grpc::ServerContextBase& context) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find(kHeader);
  if (found == metadata.end()) return Under("");
  return Under(absl::string_view(found->second.data(), found->second.size()));
}

std::string Trace::Traceparent() const {
  return absl::StrCat("00-", trace_id, "-", span_id, sampled ? "-01" : "-00");
}

void Trace::PassOn(grpc::ClientContext* context) const {
  context->AddMetadata(kHeader, Traceparent());
}

}  // namespace clustr::rpc
