#include "common/rpc/connections/open_connections.h"

#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace clustr::rpc {
namespace {

constexpr ConnectionLimits kLimits = {.max_connections = 4,
                                      .max_connections_per_peer = 3,
                                      .max_held_bytes = 10'000,
                                      .max_open_calls = 64,
                                      .traffic = {.call_bytes = 10}};

// A client and its connection, whose frames the server reads as they are sent.
class Client {
 public:
  Client(OpenConnections& connections, const std::string& peer) {
    int pair[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    own_ = pair[0];
    served_ = pair[1];
    connections.Add(served_, peer);
    Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  }
  ~Client() {
    close(own_);
    CloseServed();
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Opens calls, each with a message of which `bytes` arrive.
  void Call(int count, size_t bytes) {
    for (; count > 0; --count, stream_ += 2) {
      Send(Frame(1, 4, 0));
      Send(Frame(0, 0, 5 + bytes) + std::string("\0\0\1\0\0", 5) + std::string(bytes, 'x'));
    }
  }
  // The server's end of the connection.
  void CloseServed() {
    if (served_ >= 0) close(served_);
    served_ = -1;
  }
  bool IsConnected() const {
    char byte;
    return recv(own_, &byte, 1, MSG_DONTWAIT | MSG_PEEK) != 0;
  }

 private:
  std::string Frame(char type, char flags, size_t length) const {
    return {0,      static_cast<char>(length >> 8), static_cast<char>(length), type, flags, 0, 0, 0,
            stream_};
  }
  void Send(const std::string& bytes) const {
    EXPECT_EQ(send(own_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
    std::string buffer(bytes.size(), '\0');
    iovec piece = {buffer.data(), buffer.size()};
    msghdr message = {};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    recvmsg(served_, &message, 0);
  }

  int own_ = -1;
  int served_ = -1;
  char stream_ = 1;
};

TEST(OpenConnectionsTest, ThereIsRoomUpToTheLimits) {
  OpenConnections connections(kLimits);
  const Client first(connections, "a");
  const Client second(connections, "a");
  EXPECT_TRUE(connections.HasRoomFor("a"));
  const Client third(connections, "a");
  EXPECT_FALSE(connections.HasRoomFor("a"));
  EXPECT_TRUE(connections.HasRoomFor("b"));
  const Client fourth(connections, "b");
  EXPECT_FALSE(connections.HasRoomFor("c"));
}

TEST(OpenConnectionsTest, AConnectionThatWasClosedLeavesRoom) {
  OpenConnections connections(kLimits);
  std::vector<std::unique_ptr<Client>> clients;
  for (int count = 0; count < 3; ++count) {
    clients.push_back(std::make_unique<Client>(connections, "a"));
  }
  clients[1]->CloseServed();
  EXPECT_TRUE(connections.HasRoomFor("a"));
}

TEST(OpenConnectionsTest, TheConnectionWithTheMostBytesMustGo) {
  OpenConnections connections(kLimits);
  Client small(connections, "a");
  Client large(connections, "b");
  small.Call(1, 4'000);
  large.Call(2, 4'000);
  EXPECT_TRUE(small.IsConnected());
  connections.Relieve();
  EXPECT_TRUE(small.IsConnected());
  EXPECT_FALSE(large.IsConnected());
  EXPECT_TRUE(connections.totals().HasOffended("b", 10'000));
  EXPECT_FALSE(connections.totals().HasOffended("a", 10'000));
}

TEST(OpenConnectionsTest, OpenCallsCountAsBytes) {
  ConnectionLimits limits = kLimits;
  limits.traffic.call_bytes = 1'000;
  OpenConnections connections(limits);
  Client calls(connections, "a");
  Client bytes(connections, "b");
  calls.Call(9, 0);
  EXPECT_EQ(connections.totals().held_bytes(), 9 * 1'005);
  bytes.Call(1, 900);
  connections.Relieve();
  EXPECT_FALSE(calls.IsConnected());
  EXPECT_TRUE(bytes.IsConnected());
}

TEST(OpenConnectionsTest, TheConnectionWithTheMostCallsMustGo) {
  OpenConnections connections(kLimits);
  Client many(connections, "a");
  Client one(connections, "b");
  Client another(connections, "c");
  many.Call(63, 1);
  one.Call(1, 1);
  another.Call(1, 1);
  connections.Relieve();
  EXPECT_FALSE(many.IsConnected());
  EXPECT_TRUE(one.IsConnected());
  EXPECT_TRUE(another.IsConnected());
}

TEST(OpenConnectionsTest, WithinTheLimitsNobodyMustGo) {
  OpenConnections connections(kLimits);
  Client first(connections, "a");
  Client second(connections, "b");
  first.Call(5, 900);
  second.Call(5, 900);
  connections.Relieve();
  EXPECT_TRUE(first.IsConnected());
  EXPECT_TRUE(second.IsConnected());
  EXPECT_TRUE(connections.totals().TakeClosed().empty());
}

}  // namespace
}  // namespace clustr::rpc
