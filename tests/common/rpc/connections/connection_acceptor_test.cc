#include "common/rpc/connections/connection_acceptor.h"

#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "common/rpc/connections/self_dial.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr::rpc {
namespace {

using testing::IsOk;

constexpr absl::Duration kPatience = absl::Seconds(60);
constexpr char kServerSettings[] = "\0\0\0\4\0\0\0\0\0";

int Connect(const SocketAddress& address) {
  const int fd = socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_EQ(connect(fd, address.get(), address.size), 0);
  return fd;
}

// An acceptor whose connections are counted, and answered with the settings of a server.
class ConnectionAcceptorTest : public ::testing::Test {
 protected:
  ~ConnectionAcceptorTest() override {
    if (acceptor_ != nullptr) acceptor_->Stop();
    for (const int fd : accepted_) close(fd);
  }

  void Start(const ConnectionLimits& limits) {
    auto acceptor = ConnectionAcceptor::Listen("127.0.0.1:0", limits);
    ASSERT_THAT(acceptor, IsOk());
    acceptor_ = *std::move(acceptor);
    acceptor_->Start([this](int fd) {
      send(fd, kServerSettings, sizeof(kServerSettings) - 1, MSG_NOSIGNAL);
      absl::MutexLock lock(&mutex_);
      accepted_.push_back(fd);
    });
  }

  const SocketAddress& address() const { return acceptor_->sockets().front().address; }

  // Waits until so many were handed on.
  void AwaitAccepted(size_t count) {
    absl::MutexLock lock(&mutex_);
    const auto enough = [&] { return accepted_.size() >= count; };
    EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&enough), kPatience));
    EXPECT_EQ(accepted_.size(), count);
  }

  // Waits until the other side has closed the connection, and returns what came before.
  static std::string ReadAll(int fd) {
    std::string text;
    char bytes[100];
    while (true) {
      const ssize_t size = recv(fd, bytes, sizeof(bytes), 0);
      if (size <= 0) return text;
      text.append(bytes, static_cast<size_t>(size));
    }
  }

  absl::Mutex mutex_;
  std::vector<int> accepted_;
  std::unique_ptr<ConnectionAcceptor> acceptor_;
};

TEST_F(ConnectionAcceptorTest, AConnectionBeyondTheLimitIsClosed) {
  Start({.max_connections = 2, .max_connections_per_peer = 10});
  const int first = Connect(address());
  const int second = Connect(address());
  AwaitAccepted(2);
  const int third = Connect(address());
  EXPECT_EQ(ReadAll(third), "");
  AwaitAccepted(2);
  for (const int fd : {first, second, third}) close(fd);
}

TEST_F(ConnectionAcceptorTest, AnExpectedConnectionIsHandedOnAlthoughTheServerIsFull) {
  Start({.max_connections = 1, .max_connections_per_peer = 10});
  const int first = Connect(address());
  AwaitAccepted(1);
  SocketAddress own = address();
  own.set_port(0);
  const int expected = socket(own.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(bind(expected, own.get(), own.size), 0);
  ASSERT_EQ(getsockname(expected, reinterpret_cast<sockaddr*>(&own.storage), &own.size), 0);
  acceptor_->Expect(own.text());
  EXPECT_TRUE(acceptor_->StillExpects(own.text(), /*forget=*/false));
  ASSERT_EQ(connect(expected, address().get(), address().size), 0);
  AwaitAccepted(2);
  EXPECT_FALSE(acceptor_->StillExpects(own.text(), /*forget=*/false));
  close(first);
  close(expected);
}

TEST_F(ConnectionAcceptorTest, AConnectionThatBreaksALimitIsReset) {
  Start({.max_connections = 10, .max_connections_per_peer = 10});
  const int client = Connect(address());
  AwaitAccepted(1);
  // A preface, settings, and headers of 16 MB.
  const std::string bytes = std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") +
                            std::string("\0\0\0\4\0\0\0\0\0", 9) +
                            std::string("\xff\xff\xff\1\0\0\0\0\1", 9);
  ASSERT_EQ(send(client, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  char buffer[1000];
  iovec piece = {buffer, sizeof(buffer)};
  msghdr message = {};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  ssize_t size = -1;
  do {
    size = recvmsg(accepted_[0], &message, 0);
  } while (size < 0 && errno == EAGAIN);
  EXPECT_EQ(size, -1);
  EXPECT_EQ(errno, ECONNRESET);
  ReadAll(client);  // Ends.
  close(client);
}

TEST_F(ConnectionAcceptorTest, AFileThatReusesTheNumberOfAConnectionIsNotWatched) {
  Start({.max_connections = 10, .max_connections_per_peer = 10});
  const int client = Connect(address());
  AwaitAccepted(1);
  int pair[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  {
    absl::MutexLock lock(&mutex_);
    close(accepted_[0]);
    ASSERT_EQ(dup2(pair[0], accepted_[0]), accepted_[0]);
  }
  const std::string bytes(100'000, '\xff');  // No connection of HTTP/2 may send this.
  std::thread writer([&] { send(pair[1], bytes.data(), bytes.size(), 0); });
  size_t received = 0;
  while (received < bytes.size()) {
    char buffer[4096];
    iovec piece = {buffer, sizeof(buffer)};
    msghdr message = {};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    const ssize_t size = recvmsg(accepted_[0], &message, 0);
    ASSERT_GT(size, 0);
    received += static_cast<size_t>(size);
  }
  writer.join();
  for (const int fd : {client, pair[0], pair[1]}) close(fd);
}

TEST_F(ConnectionAcceptorTest, AServerThatAnswersIsNotTakenForDeafEvenIfItIsFull) {
  Start({.max_connections = 1, .max_connections_per_peer = 10});
  const int first = Connect(address());
  AwaitAccepted(1);
  bool deaf = false;
  const SelfDial dial(acceptor_.get(), /*tls=*/false, absl::Milliseconds(1),
                      [&](const std::string&) { deaf = true; });
  AwaitAccepted(2);  // Its own.
  EXPECT_FALSE(deaf);
  close(first);
}

TEST_F(ConnectionAcceptorTest, AClosedPortIsTakenForDeaf) {
  Start({.max_connections = 10, .max_connections_per_peer = 10});
  absl::Notification deaf;
  std::string where;
  const SelfDial dial(acceptor_.get(), /*tls=*/false, absl::Milliseconds(1000),
                      [&](const std::string& address) {
                        where = address;
                        deaf.Notify();
                      });
  AwaitAccepted(1);
  shutdown(acceptor_->sockets().front().fd, SHUT_RDWR);
  EXPECT_TRUE(deaf.WaitForNotificationWithTimeout(kPatience));
  EXPECT_EQ(where, address().text());
}

TEST_F(ConnectionAcceptorTest, AnAcceptingThreadThatHangsIsTakenForDeaf) {
  absl::Notification release;
  int count = 0;
  auto acceptor = ConnectionAcceptor::Listen(
      "127.0.0.1:0", {.max_connections = 10, .max_connections_per_peer = 10});
  ASSERT_THAT(acceptor, IsOk());
  acceptor_ = *std::move(acceptor);
  acceptor_->Start([&](int fd) {
    if (++count == 2) release.WaitForNotification();
    send(fd, kServerSettings, sizeof(kServerSettings) - 1, MSG_NOSIGNAL);
    close(fd);
  });
  absl::Notification deaf;
  {
    const SelfDial dial(acceptor_.get(), /*tls=*/false, absl::Milliseconds(1000),
                        [&](const std::string&) { deaf.Notify(); });
    EXPECT_TRUE(deaf.WaitForNotificationWithTimeout(kPatience));
  }
  release.Notify();
  acceptor_.reset();  // Its thread uses what is local here.
}

}  // namespace
}  // namespace clustr::rpc
