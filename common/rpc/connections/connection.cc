#include "common/rpc/connections/connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/connections/tls_sessions.h"

namespace clustr::rpc {
namespace {

// Connections by file descriptor. Those beyond are not watched; no process has that many.
constexpr size_t kMaxFiles = 1 << 20;
// So that the largest message alone is not an eighth of the smallest sensible limit.
constexpr int64_t kLittle = 64 << 10;
constexpr size_t kMaxOffenders = 10'000;
std::array<std::atomic<Connection*>, kMaxFiles> watched{};

// Connections by the address of the client.
class Addresses {
 public:
  void Add(const std::string& address, const std::shared_ptr<Connection>& connection) {
    if (address.empty()) return;
    absl::MutexLock lock(&mutex_);
    connections_[address] = connection;
  }
  // Only if it is not that of a newer connection already.
  void Remove(const std::string& address, const Connection* connection) {
    if (address.empty()) return;
    absl::MutexLock lock(&mutex_);
    const auto found = connections_.find(address);
    if (found == connections_.end()) return;
    const auto current = found->second.lock();
    if (current == nullptr || current.get() == connection) connections_.erase(found);
  }
  std::shared_ptr<Connection> Find(const std::string& address) {
    absl::MutexLock lock(&mutex_);
    const auto found = connections_.find(address);
    return found == connections_.end() ? nullptr : found->second.lock();
  }

 private:
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::weak_ptr<Connection>> connections_
      ABSL_GUARDED_BY(mutex_);
};

Addresses& AllAddresses() {
  static auto* const addresses = new Addresses();  // Connections may outlive static objects.
  return *addresses;
}

// The address of the client of a socket, as gRPC writes it: an IPv4 address within IPv6 as IPv4,
// and the brackets of IPv6 escaped as in a URI.
std::string AddressOf(int fd) {
  sockaddr_storage address = {};
  socklen_t size = sizeof(address);
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return "";
  char host[INET6_ADDRSTRLEN];
  if (address.ss_family == AF_INET) {
    const auto& ipv4 = reinterpret_cast<const sockaddr_in&>(address);
    inet_ntop(AF_INET, &ipv4.sin_addr, host, sizeof(host));
    return absl::StrCat("ipv4:", host, ":", ntohs(ipv4.sin_port));
  }
  if (address.ss_family != AF_INET6) return "";
  const auto& ipv6 = reinterpret_cast<const sockaddr_in6&>(address);
  if (IN6_IS_ADDR_V4MAPPED(&ipv6.sin6_addr)) {
    inet_ntop(AF_INET, &ipv6.sin6_addr.s6_addr[12], host, sizeof(host));
    return absl::StrCat("ipv4:", host, ":", ntohs(ipv6.sin6_port));
  }
  inet_ntop(AF_INET6, &ipv6.sin6_addr, host, sizeof(host));
  return absl::StrCat("ipv6:%5B", host, "%5D:", ntohs(ipv6.sin6_port));
}

Connection* WatchedAt(int fd) {
  return static_cast<size_t>(fd) < kMaxFiles
             ? watched[static_cast<size_t>(fd)].load(std::memory_order_acquire)
             : nullptr;
}

// Calls `take` with the first `size` bytes of a message, piece by piece.
template <class Take>
void ForEachPiece(const msghdr& message, size_t size, Take take) {
  for (size_t at = 0; at < message.msg_iovlen && size > 0; ++at) {
    const iovec& piece = message.msg_iov[at];
    const size_t used = std::min(size, piece.iov_len);
    take(absl::string_view(static_cast<const char*>(piece.iov_base), used));
    size -= used;
  }
}

size_t SizeOf(const msghdr& message) {
  size_t size = 0;
  for (size_t at = 0; at < message.msg_iovlen; ++at) size += message.msg_iov[at].iov_len;
  return size;
}

}  // namespace

int64_t SteadyMs() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

Totals::Totals(int64_t max_held_bytes, int64_t max_open_calls)
    : max_held_bytes_(max_held_bytes),
      max_open_calls_(max_open_calls),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Totals::~Totals() { close(wake_); }

void Totals::Add(int64_t held_bytes, int64_t open_calls) {
  const int64_t held = held_bytes_.fetch_add(held_bytes) + held_bytes;
  const int64_t calls = open_calls_.fetch_add(open_calls) + open_calls;
  if ((held > max_held_bytes_ || calls > max_open_calls_) &&
      !woken_.load(std::memory_order_relaxed) && !woken_.exchange(true)) {
    eventfd_write(wake_, 1);
  }
}

absl::string_view Totals::WhyTooMuch(int64_t held_bytes, int64_t open_calls) const {
  if (held_bytes > max_held_bytes_ / 8 + kLittle && held_bytes_.load() > max_held_bytes_) {
    return kLargeMessages;
  }
  if (open_calls > max_open_calls_ / 64 && open_calls_.load() > max_open_calls_) return kManyCalls;
  return "";
}

void Totals::CountClosed(absl::string_view reason, const std::string& offender) {
  all_closed_.fetch_add(1, std::memory_order_relaxed);
  absl::MutexLock lock(&mutex_);
  ++closed_[std::string(reason)];
  if (offender.empty()) return;
  if (offended_ms_.size() >= kMaxOffenders) offended_ms_.clear();
  offended_ms_[offender] = SteadyMs();
}

bool Totals::HasOffended(const std::string& peer, int64_t ms) {
  absl::MutexLock lock(&mutex_);
  const auto offence = offended_ms_.find(peer);
  return offence != offended_ms_.end() && SteadyMs() - offence->second <= ms;
}

absl::flat_hash_map<std::string, int64_t> Totals::TakeClosed() {
  absl::MutexLock lock(&mutex_);
  return std::exchange(closed_, {});
}

std::shared_ptr<Connection> Connection::Watch(int fd, std::string peer, const TrafficLimits& limits,
                                              bool tls, std::shared_ptr<Totals> totals) {
  std::shared_ptr<Connection> connection(
      new Connection(fd, std::move(peer), limits, tls, std::move(totals)));
  if (static_cast<size_t>(fd) < kMaxFiles) {
    connection->totals_->CountOpen(1);
    AllAddresses().Add(connection->address_, connection);
    absl::MutexLock lock(&connection->mutex_);
    connection->self_ = connection;
    watched[static_cast<size_t>(fd)].store(connection.get(), std::memory_order_release);
  }
  return connection;
}

Connection::Connection(int fd, std::string peer, const TrafficLimits& limits, bool tls,
                       std::shared_ptr<Totals> totals)
    : fd_(fd),
      peer_(std::move(peer)),
      address_(AddressOf(fd)),
      accepted_ms_(SteadyMs()),
      tls_(tls),
      call_bytes_(limits.call_bytes),
      totals_(std::move(totals)),
      traffic_(limits, accepted_ms_) {}

std::shared_ptr<Connection> Connection::From(const std::string& address) {
  return AllAddresses().Find(address);
}

std::function<int64_t()> Connection::ArrivedFrom(const std::string& address) {
  return [connection = From(address)] {
    return connection == nullptr ? 0 : connection->arrived_bytes();
  };
}

std::function<int64_t()> Connection::SentTo(const std::string& address) {
  return
      [connection = From(address)] { return connection == nullptr ? 0 : connection->sent_bytes(); };
}

int64_t Connection::arrived_bytes() const {
  absl::MutexLock lock(&mutex_);
  return traffic_.arrived_bytes();
}

int64_t Connection::sent_bytes() const {
  absl::MutexLock lock(&mutex_);
  return traffic_.sent_bytes();
}

bool Connection::open() const {
  absl::MutexLock lock(&mutex_);
  return open_;
}

Connection::State Connection::Look(int64_t stall_ms) const {
  const int64_t now = SteadyMs();
  absl::MutexLock lock(&mutex_);
  if (!open_ || doomed_.load(std::memory_order_relaxed)) return {.open = open_};
  return {open_, traffic_.open_calls(), traffic_.total_calls(), held_bytes(),
          traffic_.StalledCalls(now, stall_ms)};
}

void Connection::Disconnect(absl::string_view reason, bool blame) {
  absl::MutexLock lock(&mutex_);
  if (open_) Doom(reason, blame);
}

void Connection::Doom(absl::string_view reason, bool blame) {
  if (doomed_.exchange(true)) return;
  totals_->CountClosed(reason, blame ? peer_ : "");
  shutdown(fd_, SHUT_RDWR);
}

bool Connection::Follow(absl::string_view bytes, int64_t now_ms) {
  absl::string_view verdict = traffic_.Received(bytes, now_ms);
  Report();
  if (verdict.empty()) {
    verdict = totals_->WhyTooMuch(held_bytes(), traffic_.open_calls());
  }
  if (!verdict.empty()) Doom(verdict, /*blame=*/true);
  return verdict.empty();
}

void Connection::AddUnsent(int64_t change) {
  absl::MutexLock lock(&mutex_);
  unsent_bytes_ += change;
  if (!open_) return;
  Report();
  if (change <= 0) return;
  const absl::string_view reason = totals_->WhyTooMuch(unsent_bytes_, 0);
  if (!reason.empty()) Doom(reason, /*blame=*/true);
}

bool Connection::Received(const msghdr& message, size_t size) {
  const int64_t now = SteadyMs();
  absl::MutexLock lock(&mutex_);
  bool passes = true;
  ForEachPiece(message, size, [&](absl::string_view piece) {
    if (!tls_) {
      passes = passes && Follow(piece, now);
    } else if (hello_.Add(piece)) {
      TlsSessions::Expect(hello_.random(), self_);
    }
  });
  return passes;
}

bool Connection::ReceivedFrames(absl::string_view bytes) {
  absl::MutexLock lock(&mutex_);
  return open_ && Follow(bytes, SteadyMs());
}

void Connection::SentFrames(absl::string_view bytes) {
  absl::MutexLock lock(&mutex_);
  traffic_.Sent(bytes, SteadyMs());
  Report();
}

void Connection::Sent(const msghdr& message, ssize_t size) {
  const int64_t now = SteadyMs();
  absl::MutexLock lock(&mutex_);
  const size_t sent = size < 0 ? 0 : static_cast<size_t>(size);
  if (sent > 0) totals_->CountSend();
  if (!tls_) {
    ForEachPiece(message, sent, [&](absl::string_view piece) { traffic_.Sent(piece, now); });
  }
  if (sent > 0) traffic_.Blocked(false, now);
  if (sent < SizeOf(message)) traffic_.Blocked(true, now);
  Report();
}

void Connection::Closed() {
  watched[static_cast<size_t>(fd_)].store(nullptr, std::memory_order_release);
  AllAddresses().Remove(address_, this);
  std::shared_ptr<Connection> self;  // Destroyed after the lock.
  absl::MutexLock lock(&mutex_);
  open_ = false;
  totals_->CountOpen(-1);
  if (tls_) TlsSessions::Forget(hello_.random());
  totals_->Add(-reported_bytes_, -reported_calls_);
  self = std::move(self_);
}

void Connection::Report() {
  const int64_t bytes = held_bytes() - reported_bytes_;
  const int64_t calls = traffic_.open_calls() - reported_calls_;
  if (bytes == 0 && calls == 0) return;
  reported_bytes_ += bytes;
  reported_calls_ += calls;
  totals_->Add(bytes, calls);
}

}  // namespace clustr::rpc

// The functions of the process; see Connection.
extern "C" {

ssize_t recvmsg(int fd, msghdr* message, int flags) {
  clustr::rpc::Connection* const connection = clustr::rpc::WatchedAt(fd);
  if (connection == nullptr || flags != 0) return syscall(SYS_recvmsg, fd, message, flags);
  if (connection->MayReceive()) {
    const ssize_t size = syscall(SYS_recvmsg, fd, message, flags);
    if (size <= 0 || connection->Received(*message, static_cast<size_t>(size))) return size;
  }
  errno = ECONNRESET;
  return -1;
}

ssize_t sendmsg(int fd, const msghdr* message, int flags) {
  const ssize_t size = syscall(SYS_sendmsg, fd, message, flags);
  clustr::rpc::Connection* const connection = clustr::rpc::WatchedAt(fd);
  if (connection != nullptr && (size >= 0 || errno == EAGAIN)) {
    const int error = errno;
    connection->Sent(*message, size);
    errno = error;
  }
  return size;
}

int close(int fd) {
  if (clustr::rpc::Connection* const connection = clustr::rpc::WatchedAt(fd)) connection->Closed();
  return static_cast<int>(syscall(SYS_close, fd));
}
}
