#ifndef CLUSTR_COMMON_RPC_CONNECTIONS_SELF_DIAL_H_
#define CLUSTR_COMMON_RPC_CONNECTIONS_SELF_DIAL_H_

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "common/rpc/connections/connection_acceptor.h"

namespace clustr::rpc {

// Connects to the own port now and then, as a client does, and tells when it has been deaf for too
// long: nothing but the start of a new process helps then, and only the process itself can see it.
//
// A healthy server is never taken for a deaf one. Time counts only
// - after the port has answered once, so that a packet filter between a process and itself is none;
// - while this thread runs on time, so that a stopped or starved process is none;
// - while the connection waits in the listener's queue and the accepting thread does nothing, or
// was
//   accepted and nothing is sent to any client, or the port is closed. A busy server is none, nor
//   is one without free file descriptors.
// What is tried is not subject to the limits of connections, so a full server is none.
class SelfDial {
 public:
  // What to do when `address` has been deaf for the limit; called once, on the thread of this.
  using OnDeaf = std::function<void(const std::string& address)>;

  // Starts to try the sockets of the acceptor, which speaks TLS or plaintext. Borrows it.
  SelfDial(ConnectionAcceptor* acceptor, bool tls, absl::Duration limit, OnDeaf on_deaf);
  // Stops and joins the thread.
  ~SelfDial();
  SelfDial(const SelfDial&) = delete;
  SelfDial& operator=(const SelfDial&) = delete;

 private:
  // The attempts to reach one address.
  class Attempts;

  void Run();

  ConnectionAcceptor& acceptor_;
  const std::string greeting_;
  const absl::Duration limit_;
  const OnDeaf on_deaf_;
  const int stop_;  // An eventfd.
  std::thread thread_;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_CONNECTIONS_SELF_DIAL_H_
