#include "common/base/thread_pool.h"

#include <numeric>

#include "absl/synchronization/barrier.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr {
namespace {

TEST(ThreadPoolTest, OneThreadRunsTasksInTheOrderGiven) {
  std::vector<int> ran;
  {
    ThreadPool pool(1);
    for (int i = 0; i < 100; ++i) pool.Run([&ran, i] { ran.push_back(i); });
  }
  std::vector<int> all(100);
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(ran, all);
}

TEST(ThreadPoolTest, RunsOneTaskPerThreadAtOnce) {
  ThreadPool pool(3);
  auto* together = new absl::Barrier(4);
  for (int i = 0; i < 3; ++i) {
    pool.Run([together] {
      if (together->Block()) delete together;
    });
  }
  if (together->Block()) delete together;
}

TEST(ThreadPoolTest, RunsTasksQueuedWhileItIsDestroyed) {
  bool ran = false;
  {
    ThreadPool pool(1);
    pool.Run([&] { pool.Run([&] { ran = true; }); });
  }
  EXPECT_TRUE(ran);
}

TEST(ThreadPoolTest, CountsWaitingTasks) {
  ThreadPool pool(1);
  absl::Notification running;
  absl::Notification go_on;
  pool.Run([&] {
    running.Notify();
    go_on.WaitForNotification();
  });
  running.WaitForNotification();
  pool.Run([] {});
  pool.Run([] {});
  EXPECT_EQ(pool.waiting(), 2);
  go_on.Notify();
}

}  // namespace
}  // namespace clustr
