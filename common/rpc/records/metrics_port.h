#ifndef CLUSTR_COMMON_RPC_RECORDS_METRICS_PORT_H_
#define CLUSTR_COMMON_RPC_RECORDS_METRICS_PORT_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

struct mg_context;

namespace clustr::rpc {

// A port of a server on which Prometheus reads its metrics: it answers `GET /metrics` in plaintext
// HTTP, and nothing else. Four threads answer one connection each, 16 more connections wait,
// requests have at most 4 KiB, and who neither sends nor reads for 1 s is disconnected.
// Thread-safe.
class MetricsPort {
 public:
  // Listens on HOST:PORT. `text` makes the answer; it is called on several threads.
  // INVALID_ARGUMENT or UNAVAILABLE, with a text for an operator.
  static absl::StatusOr<std::unique_ptr<MetricsPort>> Listen(const std::string& address,
                                                             std::function<std::string()> text);
  // Waits for the requests that are being answered.
  ~MetricsPort();
  MetricsPort(const MetricsPort&) = delete;
  MetricsPort& operator=(const MetricsPort&) = delete;

  int port() const;
  std::string Text() const { return text_(); }

 private:
  MetricsPort(std::string address, std::function<std::string()> text)
      : address_(std::move(address)), text_(std::move(text)) {}
  // Connects to this port, and hangs up.
  void Wake() const;

  const std::string address_;  // HOST:PORT with an IP address.
  const std::function<std::string()> text_;
  mg_context* http_ = nullptr;
  int bound_port_ = 0;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_RECORDS_METRICS_PORT_H_
