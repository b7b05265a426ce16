#include "common/rpc/records/metrics_port.h"

#include <civetweb.h>

#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/log.h"

namespace clustr::rpc {
namespace {

void Refuse(mg_connection* connection, const char* status) {
  mg_printf(connection,
            "HTTP/1.1 %s\r\nContent-Length: 0\r\nAllow: GET\r\nConnection: close\r\n\r\n", status);
}

// Answers every request itself, so that nothing else of the library does.
int Answer(mg_connection* connection) {
  const mg_request_info& request = *mg_get_request_info(connection);
  if (std::strcmp(request.local_uri, "/metrics") != 0) {
    Refuse(connection, "404 Not Found");
    return 404;
  }
  if (std::strcmp(request.request_method, "GET") != 0) {
    Refuse(connection, "405 Method Not Allowed");
    return 405;
  }
  const std::string text = static_cast<const MetricsPort*>(request.user_data)->Text();
  mg_printf(connection,
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
            "Content-Length: %zu\r\nConnection: close\r\n\r\n",
            text.size());
  mg_write(connection, text.data(), text.size());
  return 200;
}

int LogMessage(const mg_connection*, const char* message) {
  Log(LogLevel::kInfo, "metrics_port", {{"message", message}});
  return 1;
}

// The address of HOST:PORT as the library takes it; "" if it is none.
std::string ToBind(const std::string& address) {
  const size_t colon = address.rfind(':');
  int port = 0;
  const bool good = colon != std::string::npos && colon > 0 &&
                    absl::SimpleAtoi(address.substr(colon + 1), &port) && port >= 0 &&
                    port <= 65535 && !absl::StrContains(address, ',');
  if (!good) return "";
  return address.substr(0, colon) == "localhost" ? absl::StrCat("127.0.0.1:", port) : address;
}

}  // namespace

absl::StatusOr<std::unique_ptr<MetricsPort>> MetricsPort::Listen(
    const std::string& address, std::function<std::string()> text) {
  const std::string bind = ToBind(address);
  if (bind.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--metrics-listen=", address,
                     " is not HOST:PORT with an IP address; give one like 127.0.0.1:9464"));
  }
  const char* options[] = {"listening_ports",
                           bind.c_str(),
                           "num_threads",
                           "4",
                           "connection_queue",
                           "16",
                           "listen_backlog",
                           "16",
                           "request_timeout_ms",
                           "1000",
                           "max_request_size",
                           "4096",
                           "enable_keep_alive",
                           "no",
                           nullptr};
  mg_callbacks callbacks = {};
  callbacks.begin_request = Answer;
  callbacks.log_message = LogMessage;
  std::unique_ptr<MetricsPort> port(new MetricsPort(std::move(text)));
  port->http_ = mg_start(&callbacks, port.get(), options);
  if (port->http_ == nullptr) {
    return absl::UnavailableError(absl::StrCat(
        "--metrics-listen=", address,
        " cannot be listened on; give an address of this host and a port that is free"));
  }
  return port;
}

MetricsPort::~MetricsPort() {
  if (http_ != nullptr) mg_stop(http_);
}

int MetricsPort::port() const {
  mg_server_port ports[1] = {};
  return mg_get_server_ports(http_, 1, ports) > 0 ? ports[0].port : 0;
}

}  // namespace clustr::rpc
