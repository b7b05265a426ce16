#include "common/rpc/records/metrics_port.h"

#include <civetweb.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/log.h"

namespace clustr::rpc {
namespace {

constexpr absl::Duration kBetweenWakes = absl::Milliseconds(10);

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
  std::unique_ptr<MetricsPort> port(new MetricsPort(bind, std::move(text)));
  port->http_ = mg_start(&callbacks, port.get(), options);
  if (port->http_ == nullptr) {
    return absl::UnavailableError(absl::StrCat(
        "--metrics-listen=", address,
        " cannot be listened on; give an address of this host and a port that is free"));
  }
  port->bound_port_ = port->port();
  return port;
}

MetricsPort::~MetricsPort() {
  if (http_ == nullptr) return;
  std::atomic<bool> stopped{false};
  std::thread stop([&] {
    mg_stop(http_);
    stopped = true;
  });
  // The thread that accepts connections looks only every 2 s whether it shall end, and when there
  // is a connection.
  while (!stopped) {
    Wake();
    absl::SleepFor(kBetweenWakes);
  }
  stop.join();
}

void MetricsPort::Wake() const {
  const size_t colon = address_.rfind(':');
  std::string host = address_.substr(0, colon);
  if (absl::StartsWith(host, "[")) host = host.substr(1, host.size() - 2);
  const addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), absl::StrCat(bound_port_).c_str(), &hints, &found) != 0) return;
  const int dial = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (dial >= 0) {
    connect(dial, found->ai_addr, found->ai_addrlen);
    close(dial);
  }
  freeaddrinfo(found);
}

int MetricsPort::port() const {
  mg_server_port ports[1] = {};
  return mg_get_server_ports(http_, 1, ports) > 0 ? ports[0].port : 0;
}

}  // namespace clustr::rpc
