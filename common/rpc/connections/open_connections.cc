#include "common/rpc/connections/open_connections.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/log.h"

namespace clustr::rpc {
namespace {

// At a limit, a flood of connections must not cost a look at all that are open for each.
constexpr int64_t kSweepMs = 20;
// A connection without calls is not closed for another one in its first second.
constexpr int64_t kNewMs = 1000;
constexpr int64_t kStallMs = 500;
constexpr int64_t kReportMs = 10'000;

}  // namespace

OpenConnections::OpenConnections(const ConnectionLimits& limits)
    : limits_(limits),
      totals_(std::make_shared<Totals>(limits.max_held_bytes, limits.max_open_calls)) {}

bool OpenConnections::Fits(const std::string& peer) const {
  const auto held = by_peer_.find(peer);
  return static_cast<int64_t>(connections_.size()) < limits_.max_connections &&
         (held == by_peer_.end() || held->second < limits_.max_connections_per_peer);
}

bool OpenConnections::HasRoomFor(const std::string& peer) {
  if (Fits(peer)) return true;
  const int64_t now = SteadyMs();
  if (now >= next_sweep_ms_) {
    next_sweep_ms_ = now + kSweepMs;
    ForgetClosed();
    if (Fits(peer)) return true;
    const bool all_full = static_cast<int64_t>(connections_.size()) >= limits_.max_connections;
    if (MakeRoom(all_full ? "" : peer)) return true;
  }
  totals_->CountClosed("the limit of connections is reached", "");
  return false;
}

bool OpenConnections::MakeRoom(const std::string& peer) {
  const int64_t newest = SteadyMs() - kNewMs;
  // They stand in the order in which they were accepted.
  for (auto at = connections_.begin(); at != connections_.end(); ++at) {
    Connection& connection = **at;
    if (connection.accepted_ms() > newest) return false;
    if (!peer.empty() && connection.peer() != peer) continue;
    if (connection.Look(kStallMs).total_calls > 0) continue;
    connection.Disconnect("idle, and the limit of connections is reached", /*blame=*/false);
    --by_peer_[connection.peer()];
    connections_.erase(at);
    return true;
  }
  return false;
}

void OpenConnections::Add(int fd, std::string peer) {
  ++by_peer_[peer];
  connections_.push_back(
      Connection::Watch(fd, std::move(peer), limits_.traffic, limits_.tls, totals_));
}

void OpenConnections::ForgetClosed() {
  std::erase_if(connections_, [](const auto& connection) { return !connection->open(); });
  by_peer_.clear();
  for (const auto& connection : connections_) ++by_peer_[connection->peer()];
}

void OpenConnections::Relieve() {
  ForgetClosed();
  std::vector<Candidate> candidates;
  candidates.reserve(connections_.size());
  for (const auto& connection : connections_) {
    candidates.push_back({connection, connection->Look(kStallMs)});
  }
  using State = Connection::State;
  Limit(
      candidates, limits_.max_held_bytes, [](const State& state) { return state.held_bytes; },
      kLargeMessages);
  Limit(
      candidates, limits_.max_open_calls, [](const State& state) { return state.open_calls; },
      kManyCalls);
  Limit(
      candidates, limits_.max_stalled_calls, [](const State& state) { return state.stalled_calls; },
      "unread answers, and their limit is reached");
  totals_->Relieved();
}

void OpenConnections::Limit(std::vector<Candidate>& candidates, int64_t max, const Amount& amount,
                            absl::string_view reason) {
  int64_t sum = std::accumulate(
      candidates.begin(), candidates.end(), int64_t{0},
      [&](int64_t before, const Candidate& candidate) { return before + amount(candidate.state); });
  if (sum <= max) return;
  std::sort(candidates.begin(), candidates.end(), [&](const Candidate& a, const Candidate& b) {
    return amount(a.state) > amount(b.state);
  });
  for (Candidate& candidate : candidates) {
    if (sum <= max) return;
    sum -= amount(candidate.state);
    candidate.connection->Disconnect(reason, /*blame=*/true);
    candidate.state = {};
  }
}

void OpenConnections::ReportClosed() {
  const int64_t now = SteadyMs();
  if (now < next_report_ms_) return;
  for (const auto& [reason, count] : totals_->TakeClosed()) {
    next_report_ms_ = now + kReportMs;
    Log(LogLevel::kWarning, "connections closed",
        {{"reason", reason}, {"count", absl::StrCat(count)}});
  }
}

}  // namespace clustr::rpc
