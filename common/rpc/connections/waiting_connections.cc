#include "common/rpc/connections/waiting_connections.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

namespace clustr::rpc {

WaitingConnections::~WaitingConnections() {
  for (const Entry& entry : waiting_) close(entry.connection.fd);
}

void WaitingConnections::Add(int fd, std::string peer, int64_t now_ms) {
  int64_t& next_due_ms = next_due_ms_[peer];
  next_due_ms = std::max(next_due_ms, now_ms);
  if (waiting_.size() >= kMaxWaiting || next_due_ms - now_ms > kMaxWaitMs) {
    close(fd);
    return;
  }
  waiting_.push_back({next_due_ms, {fd, std::move(peer)}});
  next_due_ms += kIntervalMs;
}

std::vector<WaitingConnections::Connection> WaitingConnections::TakeDue(int64_t now_ms) {
  std::vector<Connection> due;
  std::erase_if(waiting_, [&](Entry& entry) {
    if (entry.due_ms > now_ms) return false;
    due.push_back(std::move(entry.connection));
    return true;
  });
  std::erase_if(next_due_ms_, [&](const auto& peer) { return peer.second < now_ms; });
  return due;
}

}  // namespace clustr::rpc
