#include "common/rpc/arrival.h"

#include <arpa/inet.h>

#include <algorithm>
#include <chrono>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "common/schema/unknown_fields.h"

namespace clustr::rpc {
namespace {

// The network of 64 bits that `address` belongs to; the IPv4 address that it stands for, if any,
// and `address` itself if it is not IPv6.
std::string Network(const std::string& address) {
  in6_addr bits;
  char text[INET6_ADDRSTRLEN];
  if (inet_pton(AF_INET6, address.c_str(), &bits) != 1) return address;
  if (IN6_IS_ADDR_V4MAPPED(&bits)) {
    return inet_ntop(AF_INET, bits.s6_addr + 12, text, sizeof(text));
  }
  std::fill(bits.s6_addr + 8, bits.s6_addr + 16, 0);
  return absl::StrCat(inet_ntop(AF_INET6, &bits, text, sizeof(text)), "/64");
}

}  // namespace

void DropUnknownFields(const google::protobuf::Message* request) {
  schema::DropUnknownFields(const_cast<google::protobuf::Message*>(request));
}

Deadline DeadlineOf(const grpc::ServerContextBase& context) {
  const gpr_timespec time = gpr_convert_clock_type(context.raw_deadline(), GPR_CLOCK_MONOTONIC);
  if (gpr_time_cmp(time, gpr_inf_future(GPR_CLOCK_MONOTONIC)) == 0) return Deadline();
  return Deadline(
      SteadyTime(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec)));
}

gpr_timespec ToTimespec(Deadline deadline) {
  if (deadline.is_never()) return gpr_inf_future(GPR_CLOCK_MONOTONIC);
  constexpr int64_t kNanosPerSecond = 1'000'000'000;
  const int64_t nanos = std::chrono::nanoseconds(deadline.time().time_since_epoch()).count();
  return {nanos / kNanosPerSecond, static_cast<int32_t>(nanos % kNanosPerSecond),
          GPR_CLOCK_MONOTONIC};
}

std::string PeerOf(const grpc::ServerContextBase& context) { return PeerOfAddress(context.peer()); }

std::string PeerOfAddress(absl::string_view address) {
  absl::string_view host = address.substr(0, address.rfind(':'));
  if (absl::ConsumePrefix(&host, "ipv4:")) return std::string(host);
  if (!absl::ConsumePrefix(&host, "ipv6:")) return std::string(address);
  std::string plain = absl::StrReplaceAll(host, {{"%5B", ""}, {"%5D", ""}, {"[", ""}, {"]", ""}});
  return Network(plain.substr(0, plain.find('%')));  // The part after % names an interface.
}

}  // namespace clustr::rpc
