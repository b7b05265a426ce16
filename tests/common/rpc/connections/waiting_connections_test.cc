#include "common/rpc/connections/waiting_connections.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "gtest/gtest.h"

namespace clustr::rpc {
namespace {

int OpenFile() { return eventfd(0, EFD_CLOEXEC); }
bool IsOpen(int fd) { return fcntl(fd, F_GETFD) != -1; }

TEST(WaitingConnectionsTest, ThoseOfOnePeerGoOnOneAfterTheOther) {
  WaitingConnections waiting;
  for (int count = 0; count < 3; ++count) waiting.Add(OpenFile(), "peer", 1000);
  waiting.Add(OpenFile(), "other", 1000);
  EXPECT_EQ(waiting.TakeDue(1000).size(), 2);
  EXPECT_EQ(waiting.TakeDue(1049).size(), 0);
  EXPECT_EQ(waiting.TakeDue(1050).size(), 1);
  EXPECT_FALSE(waiting.empty());
  EXPECT_EQ(waiting.TakeDue(1100).size(), 1);
  EXPECT_TRUE(waiting.empty());
}

TEST(WaitingConnectionsTest, OneThatWouldWaitTooLongIsClosed) {
  WaitingConnections waiting;
  int last = -1;
  for (int count = 0; count < 200; ++count) {
    last = OpenFile();
    waiting.Add(last, "peer", 1000);
  }
  EXPECT_FALSE(IsOpen(last));
  EXPECT_EQ(waiting.TakeDue(10'000).size(), 101);
}

TEST(WaitingConnectionsTest, ThoseThatStillWaitAreClosedAtTheEnd) {
  const int fd = OpenFile();
  { WaitingConnections().Add(fd, "peer", 1000); }
  EXPECT_FALSE(IsOpen(fd));
}

}  // namespace
}  // namespace clustr::rpc
