#ifndef CLUSTR_COMMON_RPC_OTLP_OTLP_FLAGS_H_
#define CLUSTR_COMMON_RPC_OTLP_OTLP_FLAGS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/flags.h"
#include "common/rpc/security/certificate_watch.h"

namespace clustr::rpc {

// Where a server sends its spans and metrics, and how many.
struct OtlpSettings {
  std::string collector;  // HOST:PORT; "" if nothing is sent.
  // The certificates by which the server and the collector authenticate each other; null for
  // plaintext.
  std::shared_ptr<const CertificateWatch> certificates;
  double sample = 0;                // Share of the traces that begin here.
  absl::Duration metrics_interval;  // Between two exports of the metrics; zero for none.
};

// The flags that ReadOtlpSettings reads, besides those of TLS.
std::vector<Flag> OtlpFlags();

// INVALID_ARGUMENT, with a text for an operator, if a flag has a value that it cannot have, or if
// spans would go to another machine in plaintext without --insecure=yes.
absl::StatusOr<OtlpSettings> ReadOtlpSettings(const Flags& flags);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_OTLP_OTLP_FLAGS_H_
