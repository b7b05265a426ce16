#include "common/rpc/connections/unsent_answer.h"

#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/rpc/connections/listening_sockets.h"
#include "common/rpc/connections/open_connections.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr::rpc {
namespace {

using testing::IsOk;

// The context of a call, as far as an answer asks for it.
struct Context {
  std::string address;
  std::string peer() const { return address; }
};

// Connections over TCP to one listening socket, whose requests nobody reads.
class UnsentAnswerTest : public ::testing::Test {
 protected:
  ~UnsentAnswerTest() override {
    for (const int fd : open_) close(fd);
  }

  // Makes a connection, and returns the context of its calls.
  Context Connect(const std::string& listen, const std::string& prefix) {
    auto sockets = ListenOnAll(listen);
    EXPECT_THAT(sockets, IsOk());
    const ListeningSocket& socket_there = sockets->front();
    own_ = socket(socket_there.address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(connect(own_, socket_there.address.get(), socket_there.address.size), 0);
    int served = -1;
    while (served < 0) served = accept4(socket_there.fd, nullptr, nullptr, SOCK_CLOEXEC);
    connections_.Add(served, "peer");
    open_ = {own_, served};
    SocketAddress own;
    own.size = sizeof(own.storage);
    getsockname(own_, reinterpret_cast<sockaddr*>(&own.storage), &own.size);
    for (const ListeningSocket& listening : *sockets) close(listening.fd);
    return {absl::StrCat(prefix, own.port())};
  }

  bool IsConnected() const {
    char byte;
    return recv(own_, &byte, 1, MSG_DONTWAIT | MSG_PEEK) != 0;
  }
  void CloseServed() {
    close(open_.back());
    open_.pop_back();
  }
  int64_t held_bytes() const { return connections_.totals().held_bytes(); }

  OpenConnections connections_{
      {.max_connections = 4, .max_connections_per_peer = 4, .max_held_bytes = 1'000'000}};

 private:
  int own_ = -1;
  std::vector<int> open_;
};

TEST_F(UnsentAnswerTest, CountsWhileItLives) {
  const Context context = Connect("127.0.0.1:0", "ipv4:127.0.0.1:");
  {
    UnsentAnswer answer;
    answer.Begin(context, 10'000);
    EXPECT_EQ(held_bytes(), 10'000);
    answer.Begin(context, 20'000);  // The next message of a stream.
    EXPECT_EQ(held_bytes(), 20'000);
    answer.Begin(context, 0);
    EXPECT_EQ(held_bytes(), 0);
    answer.Begin(context, 10'000);
  }
  EXPECT_EQ(held_bytes(), 0);
}

TEST_F(UnsentAnswerTest, KnowsTheConnectionsOfIPv6) {
  const Context context = Connect("[::1]:0", "ipv6:%5B::1%5D:");
  UnsentAnswer answer;
  answer.Begin(context, 10'000);
  EXPECT_EQ(held_bytes(), 10'000);
}

TEST_F(UnsentAnswerTest, SmallAnswersAndThoseOfOtherConnectionsCountNothing) {
  const Context context = Connect("127.0.0.1:0", "ipv4:127.0.0.1:");
  UnsentAnswer small;
  small.Begin(context, 0);
  UnsentAnswer other;
  other.Begin(Context{"unix:/tmp/socket"}, 1'000'000);
  EXPECT_EQ(held_bytes(), 0);
}

TEST_F(UnsentAnswerTest, TheClientThatTakesNoAnswersIsDisconnected) {
  const Context context = Connect("127.0.0.1:0", "ipv4:127.0.0.1:");
  UnsentAnswer first;
  first.Begin(context, 600'000);
  EXPECT_TRUE(IsConnected());
  UnsentAnswer second;
  second.Begin(context, 600'000);
  EXPECT_FALSE(IsConnected());
  EXPECT_TRUE(connections_.totals().HasOffended("peer", 10'000));
}

TEST_F(UnsentAnswerTest, AnAnswerMayOutliveItsConnection) {
  auto answer = std::make_unique<UnsentAnswer>();
  answer->Begin(Connect("127.0.0.1:0", "ipv4:127.0.0.1:"), 10'000);
  CloseServed();
  EXPECT_EQ(held_bytes(), 0);
  answer.reset();
  EXPECT_EQ(held_bytes(), 0);
}

}  // namespace
}  // namespace clustr::rpc
