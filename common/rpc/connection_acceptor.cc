#include "common/rpc/connection_acceptor.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "common/base/log.h"

namespace clustr::rpc {
namespace {

constexpr int kBacklog = 1024;
constexpr int kPollMs = 1000;
// Wait before the next try where the process has no file descriptor left.
constexpr absl::Duration kNoDescriptorPause = absl::Milliseconds(50);
// At a limit, a flood of connections must not cost a look at all that are open for each.
constexpr absl::Duration kSweepInterval = absl::Milliseconds(100);
constexpr absl::Duration kReportInterval = absl::Seconds(10);

uint64_t InodeOf(int fd) {
  struct stat status;
  return fstat(fd, &status) == 0 ? status.st_ino : 0;
}

// A listening socket, or -1.
int OpenListener(const addrinfo& address) {
  const int fd = socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
                        address.ai_protocol);
  if (fd < 0) return -1;
  const int on = 1;
  const int off = 0;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));  // Accepted sockets inherit it.
  if (address.ai_family == AF_INET6) {
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
  }
  if (bind(fd, address.ai_addr, address.ai_addrlen) == 0 && listen(fd, kBacklog) == 0) return fd;
  close(fd);
  return -1;
}

int PortOf(int listener) {
  sockaddr_storage address;
  socklen_t size = sizeof(address);
  if (getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return address.ss_family == AF_INET6 ? ntohs(reinterpret_cast<sockaddr_in6*>(&address)->sin6_port)
                                       : ntohs(reinterpret_cast<sockaddr_in*>(&address)->sin_port);
}

// The address of a peer as text, without its port.
std::string PeerOf(const sockaddr_storage& address, socklen_t size) {
  char host[NI_MAXHOST];
  const int failed = getnameinfo(reinterpret_cast<const sockaddr*>(&address), size, host,
                                 sizeof(host), nullptr, 0, NI_NUMERICHOST);
  return failed != 0 ? "" : host;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ConnectionAcceptor>> ConnectionAcceptor::Listen(
    const std::string& address, const ConnectionLimits& limits) {
  const size_t colon = address.rfind(':');
  absl::string_view host = absl::string_view(address).substr(0, colon);
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  addrinfo hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(std::string(host).c_str(), address.substr(colon + 1).c_str(), &hints, &found) !=
      0) {
    return absl::UnavailableError("the host is unknown");
  }
  const absl::Cleanup free_found = [found] { freeaddrinfo(found); };
  // A name such as localhost has addresses of both families. IPv4 comes first, because clients that
  // are given an address and not the name mostly use 127.0.0.1.
  for (const int family : {AF_INET, AF_INET6}) {
    for (const addrinfo* candidate = found; candidate != nullptr; candidate = candidate->ai_next) {
      if (candidate->ai_family != family) continue;
      const int listener = OpenListener(*candidate);
      if (listener < 0) continue;
      return std::unique_ptr<ConnectionAcceptor>(
          new ConnectionAcceptor(listener, PortOf(listener), limits));
    }
  }
  return absl::UnavailableError("no address of the host can be listened on");
}

ConnectionAcceptor::ConnectionAcceptor(int listener, int port, const ConnectionLimits& limits)
    : listener_(listener), port_(port), wake_(eventfd(0, EFD_CLOEXEC)), limits_(limits) {}

ConnectionAcceptor::~ConnectionAcceptor() {
  Stop();
  close(listener_);
  close(wake_);
}

void ConnectionAcceptor::Start(Handle handle) {
  handle_ = std::move(handle);
  thread_ = std::thread([this] { Accept(); });
}

void ConnectionAcceptor::Stop() {
  if (!thread_.joinable()) return;
  eventfd_write(wake_, 1);
  thread_.join();
  shutdown(listener_, SHUT_RDWR);  // New connections are refused, not left in the backlog.
}

void ConnectionAcceptor::Accept() {
  while (true) {
    pollfd files[] = {{listener_, POLLIN, 0}, {wake_, POLLIN, 0}};
    poll(files, 2, kPollMs);
    if (files[1].revents != 0) return;
    while (AcceptOne()) {
    }
    ReportRefused();
  }
}

bool ConnectionAcceptor::AcceptOne() {
  sockaddr_storage address;
  socklen_t size = sizeof(address);
  const int fd = accept4(listener_, reinterpret_cast<sockaddr*>(&address), &size,
                         SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0) {
    if (errno == EMFILE || errno == ENFILE) absl::SleepFor(kNoDescriptorPause);
    return errno == ECONNABORTED;
  }
  std::string peer = PeerOf(address, size);
  if (!HasRoomFor(peer)) {
    close(fd);
    ++refused_;
    return true;
  }
  ++by_peer_[peer];
  connections_.push_back({fd, InodeOf(fd), std::move(peer)});
  handle_(fd);
  return true;
}

bool ConnectionAcceptor::HasRoomFor(const std::string& peer) {
  const auto has_room = [&] {
    const auto held = by_peer_.find(peer);
    return static_cast<int64_t>(connections_.size()) < limits_.max_connections &&
           (held == by_peer_.end() || held->second < limits_.max_connections_per_peer);
  };
  if (has_room()) return true;
  if (absl::Now() < next_sweep_) return false;
  next_sweep_ = absl::Now() + kSweepInterval;
  ForgetClosed();
  return has_room();
}

void ConnectionAcceptor::ForgetClosed() {
  by_peer_.clear();
  std::erase_if(connections_, [](const Connection& connection) {
    return InodeOf(connection.fd) != connection.inode;
  });
  for (const Connection& connection : connections_) ++by_peer_[connection.peer];
}

void ConnectionAcceptor::ReportRefused() {
  if (refused_ == 0 || absl::Now() < next_report_) return;
  Log(LogLevel::kWarning, "connections refused",
      {{"count", absl::StrCat(refused_)},
       {"open", absl::StrCat(connections_.size())},
       {"max_connections", absl::StrCat(limits_.max_connections)},
       {"max_connections_per_peer", absl::StrCat(limits_.max_connections_per_peer)}});
  refused_ = 0;
  next_report_ = absl::Now() + kReportInterval;
}

}  // namespace clustr::rpc
