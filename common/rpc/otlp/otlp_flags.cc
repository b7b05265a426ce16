#include "common/rpc/otlp/otlp_flags.h"

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/rpc/security/plaintext.h"
#include "common/rpc/security/tls_flags.h"

namespace clustr::rpc {
namespace {

constexpr int kMaxPort = 65535;
constexpr int64_t kMaxSeconds = 86'400;

// The host of HOST:PORT, without the brackets of an IPv6 address; "" if it is none.
std::string HostOf(absl::string_view address) {
  const size_t colon = address.rfind(':');
  int port = 0;
  if (colon == absl::string_view::npos || !absl::SimpleAtoi(address.substr(colon + 1), &port) ||
      port < 1 || port > kMaxPort) {
    return "";
  }
  absl::string_view host = address.substr(0, colon);
  if (absl::ConsumePrefix(&host, "[") && !absl::ConsumeSuffix(&host, "]")) return "";
  return absl::StrContains(host, '/') ? "" : std::string(host);
}

}  // namespace

std::vector<Flag> OtlpFlags() {
  return {
      {"otlp-endpoint", "",
       "HOST:PORT of a collector of OpenTelemetry, which gets spans and metrics over gRPC; \"\" "
       "sends nothing"},
      {"otlp-ca", "",
       "PEM file with the certificates that the one of the collector is signed by; --tls-cert is "
       "shown to it; \"\" connects in plaintext, to another machine only with --insecure=yes"},
      {"trace-sample", "0.01",
       "share of the traces beginning at this server that are sent, from 0 to 1; of a call with a "
       "traceparent, its caller has decided"},
      {"otlp-metrics-seconds", "60",
       "seconds between two exports of the metrics to the collector; 0 exports none"}};
}

absl::StatusOr<OtlpSettings> ReadOtlpSettings(const Flags& flags) {
  OtlpSettings settings;
  settings.collector = flags["otlp-endpoint"];
  const std::string& sample = flags["trace-sample"];
  if (!absl::SimpleAtod(sample, &settings.sample) ||
      !(settings.sample >= 0 && settings.sample <= 1)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--trace-sample=", sample, " is not a number from 0 to 1"));
  }
  CLUSTR_ASSIGN_OR_RETURN(const int64_t seconds,
                          flags.Integer("otlp-metrics-seconds", 0, kMaxSeconds));
  settings.metrics_interval = absl::Seconds(seconds);
  if (settings.collector.empty()) return settings;
  const std::string host = HostOf(settings.collector);
  if (host.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--otlp-endpoint=", settings.collector,
                     " is not HOST:PORT; give one like 127.0.0.1:4317, without http://"));
  }
  CLUSTR_ASSIGN_OR_RETURN(settings.certificates, OpenCollectorCertificates(flags));
  if (settings.certificates == nullptr && !IsLoopback(host) && flags["insecure"] != "yes") {
    return absl::InvalidArgumentError(absl::StrCat(
        "--otlp-endpoint=", settings.collector,
        ": without --otlp-ca, spans and metrics would be "
        "sent to another machine in plaintext; give --otlp-ca, send them to 127.0.0.1, "
        "or allow it with --insecure=yes"));
  }
  return settings;
}

}  // namespace clustr::rpc
