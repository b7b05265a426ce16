#include "common/rpc/connections/self_dial.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <memory>
#include <utility>

namespace clustr::rpc {
namespace {

// Between an answer and the next attempt.
constexpr int64_t kPauseMs = 5'000;
constexpr int kTickMs = 500;
// A tick that comes later than this says that the process did not run.
constexpr int64_t kLateMs = 2'000;
// The type of a record of TLS. Frames of HTTP/2 begin with their length, which is below 2^20.
constexpr char kTlsHandshake = 22;
// The preface of a client and empty settings.
constexpr char kHello[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";

// The first message of a TLS client that speaks HTTP/2.
std::string TlsHello() {
  constexpr unsigned char kProtocols[] = {2, 'h', '2'};
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                  SSL_CTX_free);
  const std::unique_ptr<SSL, decltype(&SSL_free)> session(SSL_new(context.get()), SSL_free);
  SSL_set_alpn_protos(session.get(), kProtocols, sizeof(kProtocols));
  BIO* const sent = BIO_new(BIO_s_mem());
  SSL_set_bio(session.get(), BIO_new(BIO_s_mem()), sent);  // The session owns both.
  SSL_connect(session.get());
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(sent, &bytes);
  return {bytes, static_cast<size_t>(size)};
}

// The address at which this process itself reaches a listener: for one on all addresses, loopback.
SocketAddress ReachableAddress(const SocketAddress& listener) {
  SocketAddress address = listener;
  if (address.storage.ss_family == AF_INET6) {
    auto* const ipv6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
    if (IN6_IS_ADDR_UNSPECIFIED(&ipv6->sin6_addr)) ipv6->sin6_addr = in6addr_loopback;
  } else {
    auto* const ipv4 = reinterpret_cast<sockaddr_in*>(&address.storage);
    if (ipv4->sin_addr.s_addr == INADDR_ANY) ipv4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  }
  return address;
}

// True if the socket no longer listens, or so many connections wait in its queue that the system
// drops further ones.
bool IsClosedOrFull(int listener) {
  int listens = 0;
  socklen_t size = sizeof(listens);
  if (getsockopt(listener, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || listens == 0) {
    return true;
  }
  tcp_info info;  // Of a listener: the length of its queue, and the limit.
  size = sizeof(info);
  return getsockopt(listener, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 && info.tcpi_sacked > 0 &&
         info.tcpi_unacked >= info.tcpi_sacked;
}

}  // namespace

class SelfDial::Attempts {
 public:
  Attempts(ConnectionAcceptor& acceptor, const std::string& greeting,
           const ListeningSocket& listener)
      : acceptor_(acceptor),
        greeting_(greeting),
        listener_(listener),
        address_(ReachableAddress(listener.address)) {}
  ~Attempts() { End(); }
  Attempts(const Attempts&) = delete;
  Attempts& operator=(const Attempts&) = delete;

  std::string address() const { return listener_.address.text(); }
  int64_t deaf_ms() const { return deaf_ms_; }

  // Goes on after `elapsed_ms` in which the process ran.
  void Tick(int64_t elapsed_ms) {
    pause_ms_ -= elapsed_ms;
    if (fd_ < 0 && pause_ms_ <= 0) Begin();
    if (fd_ < 0) return;
    if (HasAnswered()) {
      answered_once_ = true;
      deaf_ms_ = 0;
      pause_ms_ = kPauseMs;
      End();
    } else if (answered_once_ && IsDeaf()) {
      deaf_ms_ += elapsed_ms;
    }
  }

 private:
  void Begin() {
    SocketAddress own = address_;
    own.set_port(0);
    fd_ = socket(own.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
    if (fd_ < 0) return;
    if (bind(fd_, own.get(), own.size) != 0 ||
        getsockname(fd_, reinterpret_cast<sockaddr*>(&own.storage), &own.size) != 0) {
      return End();
    }
    own_ = own.text();
    acceptor_.Expect(own_);
    connect(fd_, address_.get(), address_.size);
    turns_ = acceptor_.turns();
    sends_ = acceptor_.sends();
  }

  void End() {
    if (fd_ < 0) return;
    close(fd_);
    fd_ = -1;
    sent_ = false;
    failed_ = false;
    acceptor_.StillExpects(own_, /*forget=*/true);
  }

  // True once the settings of the server, or the first message of its TLS, have arrived.
  bool HasAnswered() {
    pollfd file = {fd_, POLLIN | POLLOUT, 0};
    poll(&file, 1, 0);
    failed_ = (file.revents & (POLLERR | POLLHUP)) != 0;
    if (!failed_ && !sent_ && (file.revents & POLLOUT) != 0) {
      sent_ = send(fd_, greeting_.data(), greeting_.size(), MSG_NOSIGNAL) ==
              static_cast<ssize_t>(greeting_.size());
    }
    char frame[9];
    const ssize_t size = recv(fd_, frame, sizeof(frame), MSG_PEEK | MSG_DONTWAIT);
    failed_ = failed_ || size == 0;
    return size == sizeof(frame) && (frame[0] == kTlsHandshake || frame[3] == kSettings);
  }

  // Whether the attempt is one that a working server would have answered.
  bool IsDeaf() {
    const int64_t turns = std::exchange(turns_, acceptor_.turns());
    const int64_t sends = std::exchange(sends_, acceptor_.sends());
    const bool waits = acceptor_.StillExpects(own_, /*forget=*/false);
    const bool connected = sent_;
    const bool failed = failed_;
    if (failed) End();  // The next tick tries again.
    if (failed || !connected) return IsClosedOrFull(listener_.fd) && turns == turns_;
    return waits ? turns == turns_ : sends == sends_;
  }

  ConnectionAcceptor& acceptor_;
  const std::string& greeting_;
  const ListeningSocket listener_;
  const SocketAddress address_;
  int64_t pause_ms_ = 0;
  int64_t deaf_ms_ = 0;
  bool answered_once_ = false;
  // Of the attempt under way.
  int fd_ = -1;
  std::string own_;  // Its own address.
  bool sent_ = false;
  bool failed_ = false;
  int64_t turns_ = 0;  // Of the acceptor, at the tick before.
  int64_t sends_ = 0;
};

SelfDial::SelfDial(ConnectionAcceptor* acceptor, bool tls, absl::Duration limit, OnDeaf on_deaf)
    : acceptor_(*acceptor),
      greeting_(tls ? TlsHello() : std::string(kHello, sizeof(kHello) - 1)),
      limit_(limit),
      on_deaf_(std::move(on_deaf)),
      stop_(eventfd(0, EFD_CLOEXEC)),
      thread_([this] { Run(); }) {}

SelfDial::~SelfDial() {
  eventfd_write(stop_, 1);
  thread_.join();
  close(stop_);
}

void SelfDial::Run() {
  std::vector<std::unique_ptr<Attempts>> all;
  for (const ListeningSocket& socket : acceptor_.sockets()) {
    all.push_back(std::make_unique<Attempts>(acceptor_, greeting_, socket));
  }
  int64_t last_ms = SteadyMs();
  pollfd stop = {stop_, POLLIN, 0};
  while (poll(&stop, 1, kTickMs) <= 0) {
    const int64_t now = SteadyMs();
    const int64_t elapsed = now - last_ms > kLateMs ? 0 : now - last_ms;
    last_ms = now;
    for (const auto& attempts : all) {
      attempts->Tick(elapsed);
      if (absl::Milliseconds(attempts->deaf_ms()) >= limit_) return on_deaf_(attempts->address());
    }
  }
}

}  // namespace clustr::rpc
