#ifndef CLUSTR_COMMON_RPC_CONNECTIONS_WAITING_CONNECTIONS_H_
#define CLUSTR_COMMON_RPC_CONNECTIONS_WAITING_CONNECTIONS_H_

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace clustr::rpc {

// New connections of a peer that attacked a moment ago, which wait: one after the other may go on.
// So an attacker that connects again and again gets little done, and an honest client with the same
// address, such as one behind the same proxy, waits but is served. For one thread.
class WaitingConnections {
 public:
  struct Connection {
    int fd;
    std::string peer;
  };

  // Closes those that still wait.
  ~WaitingConnections();

  // Takes over `fd`. Closes it if too many wait.
  void Add(int fd, std::string peer, int64_t now_ms);
  // Those that may go on, which the caller takes over.
  std::vector<Connection> TakeDue(int64_t now_ms);
  bool empty() const { return waiting_.empty(); }

 private:
  static constexpr int64_t kIntervalMs = 50;  // Between two of one peer.
  static constexpr int64_t kMaxWaitMs = 5'000;
  static constexpr size_t kMaxWaiting = 500;  // Of all peers.

  struct Entry {
    int64_t due_ms;
    Connection connection;
  };
  std::deque<Entry> waiting_;
  std::map<std::string, int64_t> next_due_ms_;  // By peer, as long as one of it waits or just went.
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_CONNECTIONS_WAITING_CONNECTIONS_H_
