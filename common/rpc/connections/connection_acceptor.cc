#include "common/rpc/connections/connection_acceptor.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/status_macros.h"

namespace clustr::rpc {
namespace {

// How often the connections are looked at: without being asked to, and at most.
constexpr int kLookMs = 250;
constexpr int kMinLookMs = 20;
// So many are accepted between two looks.
constexpr int kBatch = 64;
// So long after an attack new connections of its peer have to wait.
constexpr int64_t kSuspicionMs = 10'000;
// Wait before the next try where the process has no file descriptor left.
constexpr absl::Duration kNoDescriptorPause = absl::Milliseconds(50);

}  // namespace

absl::StatusOr<std::unique_ptr<ConnectionAcceptor>> ConnectionAcceptor::Listen(
    const std::string& address, const ConnectionLimits& limits) {
  CLUSTR_ASSIGN_OR_RETURN(std::vector<ListeningSocket> sockets, ListenOnAll(address));
  return std::unique_ptr<ConnectionAcceptor>(new ConnectionAcceptor(std::move(sockets), limits));
}

ConnectionAcceptor::ConnectionAcceptor(std::vector<ListeningSocket> sockets,
                                       const ConnectionLimits& limits)
    : sockets_(std::move(sockets)), connections_(limits) {}

ConnectionAcceptor::~ConnectionAcceptor() {
  Stop();
  for (const ListeningSocket& socket : sockets_) close(socket.fd);
}

void ConnectionAcceptor::Start(Handle handle) {
  handle_ = std::move(handle);
  thread_ = std::thread([this] { Accept(); });
}

void ConnectionAcceptor::Stop() {
  if (!thread_.joinable()) return;
  stopping_.store(true);
  eventfd_write(connections_.totals().wake(), 1);
  thread_.join();
  // New connections are refused, not left in the backlog.
  for (const ListeningSocket& socket : sockets_) shutdown(socket.fd, SHUT_RDWR);
}

void ConnectionAcceptor::Accept() {
  const int wake = connections_.totals().wake();
  std::vector<pollfd> files = {{wake, POLLIN, 0}};
  for (const ListeningSocket& socket : sockets_) files.push_back({socket.fd, POLLIN, 0});
  int64_t looked_ms = SteadyMs();
  bool asked = false;
  while (true) {
    poll(files.data(), files.size(), asked || !waiting_.empty() ? kMinLookMs : kLookMs);
    if (stopping_.load()) return;
    for (WaitingConnections::Connection& due : waiting_.TakeDue(SteadyMs())) {
      Admit(due.fd, std::move(due.peer));
    }
    for (size_t at = 0; at < sockets_.size(); ++at) {
      if (files[at + 1].revents == 0) continue;
      for (int count = 0; count < kBatch && AcceptOne(sockets_[at]); ++count) {
      }
    }
    eventfd_t times;
    if (eventfd_read(wake, &times) == 0) asked = true;
    const int64_t now = SteadyMs();
    if (now - looked_ms < (asked ? kMinLookMs : kLookMs)) continue;
    connections_.Relieve();
    connections_.ReportClosed();
    looked_ms = now;
    asked = false;
  }
}

bool ConnectionAcceptor::AcceptOne(const ListeningSocket& listener) {
  SocketAddress address;
  address.size = sizeof(address.storage);
  const int fd = accept4(listener.fd, reinterpret_cast<sockaddr*>(&address.storage), &address.size,
                         SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd >= 0 || errno != EAGAIN) turns_.fetch_add(1, std::memory_order_relaxed);
  if (fd < 0) {
    if (errno == EMFILE || errno == ENFILE) absl::SleepFor(kNoDescriptorPause);
    return errno == ECONNABORTED;
  }
  std::string peer = address.host();
  if (StillExpects(address.text(), /*forget=*/true)) {
    handle_(fd);
  } else if (connections_.totals().HasOffended(peer, kSuspicionMs)) {
    waiting_.Add(fd, std::move(peer), SteadyMs());
  } else {
    Admit(fd, std::move(peer));
  }
  return true;
}

void ConnectionAcceptor::Admit(int fd, std::string peer) {
  if (!connections_.HasRoomFor(peer)) {
    close(fd);
    return;
  }
  connections_.Add(fd, std::move(peer));
  handle_(fd);
}

void ConnectionAcceptor::Expect(const std::string& peer) {
  absl::MutexLock lock(&mutex_);
  expected_.insert(peer);
}

bool ConnectionAcceptor::StillExpects(const std::string& peer, bool forget) {
  absl::MutexLock lock(&mutex_);
  return forget ? expected_.erase(peer) > 0 : expected_.contains(peer);
}

}  // namespace clustr::rpc
