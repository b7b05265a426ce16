#include "common/rpc/connections/listening_sockets.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"

namespace clustr::rpc {
namespace {

constexpr int kBacklog = 1024;
// So much of an answer may wait in a socket. Without this the system takes up to 4 MB from the
// server for each client that reads nothing.
constexpr int kMaxUnsent = 128 << 10;
// A port that was free on the first address may be taken on another.
constexpr int kTriesOfPortZero = 20;

struct HostAndPort {
  std::string host;
  std::string port;
};

absl::StatusOr<HostAndPort> Split(const std::string& address) {
  const size_t colon = address.rfind(':');
  absl::string_view host = absl::string_view(address).substr(0, colon);
  int port = -1;
  if (colon == std::string::npos || host.empty() ||
      !absl::SimpleAtoi(address.substr(colon + 1), &port) || port < 0 || port > 65535) {
    return absl::InvalidArgumentError("it is not HOST:PORT with a port from 0 to 65535");
  }
  if (absl::ConsumePrefix(&host, "[")) {
    if (!absl::ConsumeSuffix(&host, "]") || host.empty()) {
      return absl::InvalidArgumentError("a bracket is missing; give for example [::1]:50051");
    }
  } else if (absl::StrContains(host, ":")) {
    return absl::InvalidArgumentError(
        "an address of IPv6 stands in brackets; give for example [::1]:50051");
  }
  return HostAndPort{std::string(host), absl::StrCat(port)};
}

absl::StatusOr<std::vector<SocketAddress>> Resolve(const HostAndPort& name) {
  addrinfo hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(name.host.c_str(), name.port.c_str(), &hints, &found)) {
    return absl::UnavailableError(
        absl::StrCat("the host ", name.host, " is unknown (", gai_strerror(error), ")"));
  }
  const absl::Cleanup free_found = [found] { freeaddrinfo(found); };
  std::vector<SocketAddress> addresses;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    SocketAddress address;
    std::memcpy(&address.storage, at->ai_addr, at->ai_addrlen);
    address.size = at->ai_addrlen;
    const bool known = std::any_of(addresses.begin(), addresses.end(), [&](const auto& other) {
      return other.text() == address.text();
    });
    if (!known) addresses.push_back(address);
  }
  // The first one picks the port. IPv4 comes first, because most clients use 127.0.0.1.
  std::stable_partition(addresses.begin(), addresses.end(), [](const SocketAddress& address) {
    return address.storage.ss_family == AF_INET;
  });
  return addresses;
}

// Listens on one address, whose port it sets if it was 0. Returns the socket, or -errno.
int Listen(SocketAddress& address, bool also_ipv4) {
  const int fd =
      socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
  if (fd < 0) return -errno;
  const int on = 1;
  const int only_ipv6 = also_ipv4 ? 0 : 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  // Accepted sockets inherit these two.
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kMaxUnsent, sizeof(kMaxUnsent));
  if (address.storage.ss_family == AF_INET6) {
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only_ipv6, sizeof(only_ipv6));
  }
  sockaddr* const opened = reinterpret_cast<sockaddr*>(&address.storage);
  if (bind(fd, opened, address.size) != 0 || listen(fd, kBacklog) != 0 ||
      getsockname(fd, opened, &address.size) != 0) {
    const int error = errno;
    close(fd);
    return -error;
  }
  return fd;
}

bool IsMissingAddress(int error) {
  return error == EADDRNOTAVAIL || error == EAFNOSUPPORT || error == EPROTONOSUPPORT;
}

absl::Status Refusal(const SocketAddress& address, int error) {
  const std::string where = address.text();
  if (error == EADDRINUSE) {
    return absl::UnavailableError(absl::StrCat("the port is taken: another program listens on ",
                                               where, "; end it, or give another --listen"));
  }
  if (IsMissingAddress(error)) {
    return absl::UnavailableError(absl::StrCat("this machine does not have the address ",
                                               address.host(), "; give another --listen"));
  }
  if (error == EACCES) {
    return absl::UnavailableError(
        absl::StrCat("this user may not listen on ", where, "; give a port of 1024 or more"));
  }
  return absl::UnavailableError(
      absl::StrCat("listening on ", where, " failed: ", std::strerror(error)));
}

void CloseAll(const std::vector<ListeningSocket>& sockets) {
  for (const ListeningSocket& socket : sockets) close(socket.fd);
}

absl::StatusOr<std::vector<ListeningSocket>> TryToListen(std::vector<SocketAddress> addresses) {
  std::vector<ListeningSocket> sockets;
  absl::Status missing;
  int port = addresses.front().port();
  for (SocketAddress& address : addresses) {
    address.set_port(port);
    const int fd = Listen(address, /*also_ipv4=*/addresses.size() == 1);
    if (fd >= 0) {
      port = address.port();
      sockets.push_back({fd, address});
    } else if (IsMissingAddress(-fd)) {
      if (missing.ok()) missing = Refusal(address, -fd);
    } else {
      CloseAll(sockets);
      return Refusal(address, -fd);
    }
  }
  if (sockets.empty()) return missing;
  return sockets;
}

}  // namespace

int SocketAddress::port() const {
  return ntohs(storage.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_port
                   : reinterpret_cast<const sockaddr_in*>(&storage)->sin_port);
}

void SocketAddress::set_port(int port) {
  const uint16_t value = htons(static_cast<uint16_t>(port));
  if (storage.ss_family == AF_INET6) {
    reinterpret_cast<sockaddr_in6*>(&storage)->sin6_port = value;
  } else {
    reinterpret_cast<sockaddr_in*>(&storage)->sin_port = value;
  }
}

bool SocketAddress::is_loopback() const {
  if (storage.ss_family == AF_INET6) {
    const in6_addr& ipv6 = reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_addr;
    return IN6_IS_ADDR_LOOPBACK(&ipv6);
  }
  const uint32_t ipv4 = ntohl(reinterpret_cast<const sockaddr_in*>(&storage)->sin_addr.s_addr);
  return ipv4 >> 24 == 127;
}

std::string SocketAddress::host() const {
  char host[NI_MAXHOST];
  return getnameinfo(get(), size, host, sizeof(host), nullptr, 0, NI_NUMERICHOST) == 0 ? host : "";
}

std::string SocketAddress::text() const {
  return storage.ss_family == AF_INET6 ? absl::StrCat("[", host(), "]:", port())
                                       : absl::StrCat(host(), ":", port());
}

absl::StatusOr<std::vector<ListeningSocket>> ListenOnAll(const std::string& address) {
  CLUSTR_ASSIGN_OR_RETURN(const HostAndPort name, Split(address));
  CLUSTR_ASSIGN_OR_RETURN(const std::vector<SocketAddress> addresses, Resolve(name));
  absl::StatusOr<std::vector<ListeningSocket>> sockets = TryToListen(addresses);
  for (int tries = 1; !sockets.ok() && name.port == "0" && tries < kTriesOfPortZero; ++tries) {
    sockets = TryToListen(addresses);
  }
  return sockets;
}

}  // namespace clustr::rpc
