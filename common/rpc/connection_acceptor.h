#ifndef CLUSTR_COMMON_RPC_CONNECTION_ACCEPTOR_H_
#define CLUSTR_COMMON_RPC_CONNECTION_ACCEPTOR_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace clustr::rpc {

// How many connections may be open at a time.
struct ConnectionLimits {
  int64_t max_connections;           // From all peers together, at least 1.
  int64_t max_connections_per_peer;  // From one IP address, at least 1.
};

// Accepts the connections of a server and hands them on. gRPC 1.51 stops listening for good once
// the process runs out of file descriptors (CVE-2023-4785); this accepts again as soon as there are
// some, and closes a connection at once that would exceed a limit.
class ConnectionAcceptor {
 public:
  // Takes over the connection `fd`, which is open and not blocking.
  using Handle = std::function<void(int fd)>;

  // Listens on one address of `address`, HOST:PORT, [IPv6]:PORT or HOST:0 for a free port; a name
  // that has IPv4 addresses means the first of these. UNAVAILABLE if no
  // address of HOST can be listened on.
  static absl::StatusOr<std::unique_ptr<ConnectionAcceptor>> Listen(const std::string& address,
                                                                    const ConnectionLimits& limits);
  // Stops.
  ~ConnectionAcceptor();
  ConnectionAcceptor(const ConnectionAcceptor&) = delete;
  ConnectionAcceptor& operator=(const ConnectionAcceptor&) = delete;

  // The port that was opened.
  int port() const { return port_; }

  // Starts to accept, on a thread of its own, which calls `handle` for each connection. Once.
  void Start(Handle handle);

  // Closes the port and joins the thread. Connections that were handed on stay open.
  void Stop();

 private:
  // A connection that was handed on. Its number is used again by another file once it is closed, so
  // the inode of the socket tells whether it is still the same.
  struct Connection {
    int fd;
    uint64_t inode;
    std::string peer;
  };

  ConnectionAcceptor(int listener, int port, const ConnectionLimits& limits);
  void Accept();
  // Accepts one connection. Returns false if none is waiting or no file descriptor is left.
  bool AcceptOne();
  bool HasRoomFor(const std::string& peer);
  void ForgetClosed();
  void ReportRefused();

  const int listener_;
  const int port_;
  const int wake_;  // An eventfd that ends the thread.
  const ConnectionLimits limits_;
  Handle handle_;
  std::thread thread_;

  // Used by the thread alone.
  std::vector<Connection> connections_;
  std::map<std::string, int64_t> by_peer_;
  int64_t refused_ = 0;  // Since the last report.
  absl::Time next_report_ = absl::InfinitePast();
  absl::Time next_sweep_ = absl::InfinitePast();  // When ForgetClosed may run again.
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_CONNECTION_ACCEPTOR_H_
