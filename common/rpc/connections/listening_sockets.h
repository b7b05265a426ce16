#ifndef CLUSTR_COMMON_RPC_CONNECTIONS_LISTENING_SOCKETS_H_
#define CLUSTR_COMMON_RPC_CONNECTIONS_LISTENING_SOCKETS_H_

#include <sys/socket.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace clustr::rpc {

// An address of IP and its port.
struct SocketAddress {
  sockaddr_storage storage = {};
  socklen_t size = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  int port() const;
  void set_port(int port);
  // True if only this machine itself can reach it.
  bool is_loopback() const;
  // `127.0.0.1` or `::1`.
  std::string host() const;
  // `127.0.0.1:50051` or `[::1]:50051`.
  std::string text() const;
};

// A socket that listens.
struct ListeningSocket {
  int fd;
  SocketAddress address;
};

// Listens on every address of `address`: HOST:PORT or [IPv6]:PORT. Port 0 picks one that is free on
// all of them. Of the addresses of a name, those that this machine does not have are left out,
// unless that is all of them; [::] also serves IPv4. The sockets do not block; the caller closes
// them. An error is for an operator and says what is wrong with the address: INVALID_ARGUMENT if it
// is not of this form, UNAVAILABLE if it cannot be listened on.
absl::StatusOr<std::vector<ListeningSocket>> ListenOnAll(const std::string& address);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_CONNECTIONS_LISTENING_SOCKETS_H_
