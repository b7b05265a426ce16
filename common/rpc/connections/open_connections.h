#ifndef CLUSTR_COMMON_RPC_CONNECTIONS_OPEN_CONNECTIONS_H_
#define CLUSTR_COMMON_RPC_CONNECTIONS_OPEN_CONNECTIONS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/rpc/connections/connection.h"

namespace clustr::rpc {

// What the connections of a server may be and hold.
struct ConnectionLimits {
  int64_t max_connections;           // From all peers together, at least 1.
  int64_t max_connections_per_peer;  // From one IP address, at least 1.
  // Limits for all connections together. Held are the bytes of requests that are not answered yet,
  // the memory of answers that clients have not taken, and TrafficLimits::call_bytes for each call.
  int64_t max_held_bytes = int64_t{32} << 20;
  int64_t max_open_calls = 2048;
  // Open calls of all connections whose answers the clients do not read.
  int64_t max_stalled_calls = 128;
  TrafficLimits traffic = {};  // Of each connection.
  bool tls = false;            // Whether they speak TLS, or plaintext.
};

// The connections of a server that are open, and the choice of those that must go when there are
// too many or they hold too much: always those that hold the most. For one thread.
class OpenConnections {
 public:
  explicit OpenConnections(const ConnectionLimits& limits);

  // Its wake() asks for a call of Relieve.
  Totals& totals() const { return *totals_; }

  // True if one more connection of `peer` fits in. To make room it disconnects one that never made
  // a call, if there is one older than a second.
  bool HasRoomFor(const std::string& peer);
  // Takes in the connection `fd`, which is open.
  void Add(int fd, std::string peer);
  // Disconnects clients until what the others hold is within the limits. O(connections + calls).
  void Relieve();
  // Logs, now and then, how many connections were refused and closed.
  void ReportClosed();

 private:
  // A connection, and its state of this moment.
  struct Candidate {
    std::shared_ptr<Connection> connection;
    Connection::State state;
  };
  // What a connection holds of something that is limited.
  using Amount = std::function<int64_t(const Connection::State&)>;

  bool Fits(const std::string& peer) const;
  void ForgetClosed();
  // Disconnects the oldest connection that never made a call, of `peer` or, if it is "", of any.
  bool MakeRoom(const std::string& peer);
  static void Limit(std::vector<Candidate>& candidates, int64_t max, const Amount& amount,
                    absl::string_view reason);

  const ConnectionLimits limits_;
  const std::shared_ptr<Totals> totals_;
  std::vector<std::shared_ptr<Connection>> connections_;
  std::map<std::string, int64_t> by_peer_;
  int64_t next_sweep_ms_ = 0;
  int64_t next_report_ms_ = 0;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_CONNECTIONS_OPEN_CONNECTIONS_H_
