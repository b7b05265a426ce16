#ifndef CLUSTR_COMMON_RPC_CONNECTIONS_CONNECTION_H_
#define CLUSTR_COMMON_RPC_CONNECTIONS_CONNECTION_H_

#include <sys/socket.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/connections/client_hello.h"
#include "common/rpc/connections/traffic.h"

namespace clustr::rpc {

// Why a connection is closed that holds much of what all may hold.
inline constexpr absl::string_view kLargeMessages =
    "large messages, and the limit of bytes in flight is reached";
inline constexpr absl::string_view kManyCalls =
    "many calls, and the limit of open calls is reached";

// Counts the bytes and calls that all connections of a server hold together, and the reasons for
// which connections were closed. Thread-safe.
class Totals {
 public:
  // wake() becomes readable once more than `max_held_bytes` are held or more than
  // `max_open_calls` are open.
  Totals(int64_t max_held_bytes, int64_t max_open_calls);
  ~Totals();
  Totals(const Totals&) = delete;
  Totals& operator=(const Totals&) = delete;

  // An eventfd, which does not block.
  int wake() const { return wake_; }
  // Must be called after wake() was read and connections were closed; wake() can then signal again.
  void Relieved() { woken_.store(false); }
  void Add(int64_t held_bytes, int64_t open_calls);
  // Connections that are open, and how many were ever closed for a reason of the server's.
  int64_t open_connections() const { return open_.load(std::memory_order_relaxed); }
  int64_t closed_connections() const { return all_closed_.load(std::memory_order_relaxed); }
  int64_t held_bytes() const { return held_bytes_.load(std::memory_order_relaxed); }
  // A connection was opened (1) or is gone (-1).
  void CountOpen(int64_t change) { open_.fetch_add(change, std::memory_order_relaxed); }
  // Number of successful sends to clients. It grows while the server works.
  int64_t sends() const { return sends_.load(std::memory_order_relaxed); }
  void CountSend() { sends_.fetch_add(1, std::memory_order_relaxed); }
  // Counts a closed connection. `offender` is its peer if the peer is to blame, otherwise "".
  void CountClosed(absl::string_view reason, const std::string& offender)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // True if `peer` was to blame for a closed connection within the last `ms`.
  bool HasOffended(const std::string& peer, int64_t ms) ABSL_LOCKS_EXCLUDED(mutex_);
  // Why one connection that holds so much is to be closed at once, or "": all together hold too
  // much, and it a large part of it.
  absl::string_view WhyTooMuch(int64_t held_bytes, int64_t open_calls) const;
  // How many connections were closed for which reason since this was asked before.
  absl::flat_hash_map<std::string, int64_t> TakeClosed() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  const int64_t max_held_bytes_;
  const int64_t max_open_calls_;
  const int wake_;
  std::atomic<bool> woken_{false};
  std::atomic<int64_t> held_bytes_{0};
  std::atomic<int64_t> open_calls_{0};
  std::atomic<int64_t> sends_{0};
  std::atomic<int64_t> open_{0};
  std::atomic<int64_t> all_closed_{0};
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, int64_t> closed_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, int64_t> offended_ms_ ABSL_GUARDED_BY(mutex_);  // By peer.
};

// A connection of a client, which gRPC serves, and whose frames are watched on their way in and
// out. Its first frame that breaks a limit ends it: gRPC then reads an error in place of what
// arrived. Thread-safe.
//
// gRPC 1.51 offers no place for this between its sockets and its parser. So this library defines
// the functions recvmsg, sendmsg and close of the process, which libgrpc calls: they call the
// system, and for the file descriptors of connections look at the bytes. Costs about 0.2 µs a call.
// Where the connection speaks TLS, the frames are those that SSL_read and SSL_write pass on; see
// tls_sessions.h.
class Connection {
 public:
  // A snapshot of the connection.
  struct State {
    bool open = false;
    int64_t open_calls = 0;
    int64_t total_calls = 0;
    int64_t held_bytes = 0;
    int64_t stalled_calls = 0;
  };

  // Watches the socket `fd` until it is closed by close().
  static std::shared_ptr<Connection> Watch(int fd, std::string peer, const TrafficLimits& limits,
                                           bool tls, std::shared_ptr<Totals> totals);

  // The open connection of a client with this address, as grpc::ServerContextBase::peer() writes
  // it; nullptr if none is watched. Takes a lock of the process.
  static std::shared_ptr<Connection> From(const std::string& address);

  // Tells how many bytes of messages the open connection From(address) has brought so far, or
  // carried away; 0 for ever if none is watched.
  static std::function<int64_t()> ArrivedFrom(const std::string& address);
  static std::function<int64_t()> SentTo(const std::string& address);

  const std::string& peer() const { return peer_; }
  int64_t accepted_ms() const { return accepted_ms_; }
  bool open() const ABSL_LOCKS_EXCLUDED(mutex_);
  int64_t arrived_bytes() const ABSL_LOCKS_EXCLUDED(mutex_);
  int64_t sent_bytes() const ABSL_LOCKS_EXCLUDED(mutex_);
  // `stalled_calls` are those that are stalled for `stall_ms`. O(open calls).
  State Look(int64_t stall_ms) const ABSL_LOCKS_EXCLUDED(mutex_);
  // Disconnects the client, if it still is connected. gRPC notices at once.
  // `blame` says that new ones of its peer are to be taken for suspicious.
  void Disconnect(absl::string_view reason, bool blame) ABSL_LOCKS_EXCLUDED(mutex_);

  // Adds `change` bytes, which may be negative, to the answers that the client has not taken. They
  // count among the bytes that the connection holds.
  void AddUnsent(int64_t change) ABSL_LOCKS_EXCLUDED(mutex_);

  // The following are for SSL_read and SSL_write alone.
  // False if the bytes, which the client sent, must not be passed on.
  bool ReceivedFrames(absl::string_view bytes) ABSL_LOCKS_EXCLUDED(mutex_);
  void SentFrames(absl::string_view bytes) ABSL_LOCKS_EXCLUDED(mutex_);

  // The following are for recvmsg, sendmsg and close alone.
  // False if the connection must be treated as reset, before anything is read.
  bool MayReceive() const { return !doomed_.load(std::memory_order_relaxed); }
  // False if `size` bytes that were just read must not be passed on.
  bool Received(const msghdr& message, size_t size) ABSL_LOCKS_EXCLUDED(mutex_);
  // `size` bytes of the message were sent, or -1 for none as the socket is full.
  void Sent(const msghdr& message, ssize_t size) ABSL_LOCKS_EXCLUDED(mutex_);
  void Closed() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  Connection(int fd, std::string peer, const TrafficLimits& limits, bool tls,
             std::shared_ptr<Totals> totals);
  // Follows bytes from the client; false if they must not be passed on.
  bool Follow(absl::string_view bytes, int64_t now_ms) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Tells the totals what has changed.
  void Report() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Doom(absl::string_view reason, bool blame) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  int64_t held_bytes() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return traffic_.held_bytes() + unsent_bytes_ + call_bytes_ * traffic_.open_calls();
  }

  const int fd_;
  const std::string peer_;
  const std::string address_;  // In the form of From(); empty for a socket without one.
  const int64_t accepted_ms_;
  const bool tls_;
  const int64_t call_bytes_;
  const std::shared_ptr<Totals> totals_;
  std::atomic<bool> doomed_{false};

  mutable absl::Mutex mutex_;
  bool open_ ABSL_GUARDED_BY(mutex_) = true;
  Traffic traffic_ ABSL_GUARDED_BY(mutex_);
  ClientHello hello_ ABSL_GUARDED_BY(mutex_);  // Of TLS.
  int64_t unsent_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t reported_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t reported_calls_ ABSL_GUARDED_BY(mutex_) = 0;
  std::shared_ptr<Connection> self_ ABSL_GUARDED_BY(mutex_);  // Until it is closed.
};

// Milliseconds of a clock that is steady and cheap to read, a few milliseconds exact.
int64_t SteadyMs();

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_CONNECTIONS_CONNECTION_H_
