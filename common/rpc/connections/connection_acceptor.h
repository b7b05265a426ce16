#ifndef CLUSTR_COMMON_RPC_CONNECTIONS_CONNECTION_ACCEPTOR_H_
#define CLUSTR_COMMON_RPC_CONNECTIONS_CONNECTION_ACCEPTOR_H_

#include <atomic>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/connections/listening_sockets.h"
#include "common/rpc/connections/open_connections.h"
#include "common/rpc/connections/waiting_connections.h"

namespace clustr::rpc {

// Accepts the connections of a server, hands them on, and watches them (see Connection and
// OpenConnections). gRPC 1.51 stops listening for good once the process runs out of file
// descriptors (CVE-2023-4785); this accepts again as soon as there are some.
class ConnectionAcceptor {
 public:
  // Takes over the connection `fd`, which is open and not blocking.
  using Handle = std::function<void(int fd)>;

  // Listens on every address of HOST:PORT; see ListenOnAll, also for the errors.
  static absl::StatusOr<std::unique_ptr<ConnectionAcceptor>> Listen(const std::string& address,
                                                                    const ConnectionLimits& limits);
  // Stops.
  ~ConnectionAcceptor();
  ConnectionAcceptor(const ConnectionAcceptor&) = delete;
  ConnectionAcceptor& operator=(const ConnectionAcceptor&) = delete;

  const std::vector<ListeningSocket>& sockets() const { return sockets_; }
  // The port that was opened, which is the same on all addresses.
  int port() const { return sockets_.front().address.port(); }

  // Hands on one connection from `peer`, an address as SocketAddress::text() writes it, whatever
  // the limits. Only the owner of that address can connect from it. Thread-safe.
  void Expect(const std::string& peer) ABSL_LOCKS_EXCLUDED(mutex_);
  // True if it has not been accepted. Forgets it with `forget`. Thread-safe.
  bool StillExpects(const std::string& peer, bool forget) ABSL_LOCKS_EXCLUDED(mutex_);
  // How often it tried to accept a connection that was there, and how often something could be sent
  // over one. Both grow while the server works. Thread-safe.
  int64_t turns() const { return turns_.load(std::memory_order_relaxed); }
  int64_t sends() const { return connections_.totals().sends(); }
  // What the connections hold together. Thread-safe.
  const Totals& totals() const { return connections_.totals(); }

  // Starts to accept, on a thread of its own, which calls `handle` for each connection. Once.
  void Start(Handle handle);

  // Closes the port and joins the thread. Connections that were handed on stay open.
  void Stop();

 private:
  ConnectionAcceptor(std::vector<ListeningSocket> sockets, const ConnectionLimits& limits);
  void Accept();
  // Accepts one connection. Returns false if none is waiting or no file descriptor is left.
  bool AcceptOne(const ListeningSocket& listener);
  // Hands a connection on if it fits in; otherwise closes it.
  void Admit(int fd, std::string peer);

  const std::vector<ListeningSocket> sockets_;
  std::atomic<bool> stopping_{false};
  std::atomic<int64_t> turns_{0};
  absl::Mutex mutex_;
  std::set<std::string> expected_ ABSL_GUARDED_BY(mutex_);
  Handle handle_;
  // Used by the thread alone, but for the totals.
  OpenConnections connections_;
  WaitingConnections waiting_;
  std::thread thread_;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_CONNECTIONS_CONNECTION_ACCEPTOR_H_
