#include "services/bundles/program/mining_pool.h"

#include <vector>

#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"

namespace clustr::bundles {
namespace {

TEST(MiningPoolTest, OnlyATaskThatIsAloneGetsAllCores) {
  std::vector<int> spare;
  absl::Notification alone_done;
  absl::Notification other_waits;
  absl::Notification other_done;
  MiningPool pool(2, 10);
  ASSERT_TRUE(pool.Run([&] {
                    spare.push_back(pool.SpareThreads());
                    alone_done.Notify();
                    other_waits.WaitForNotification();
                    spare.push_back(pool.SpareThreads());
                  })
                  .ok());
  alone_done.WaitForNotification();
  ASSERT_TRUE(pool.Run([&] {
                    spare.push_back(pool.SpareThreads());
                    other_done.Notify();
                  })
                  .ok());
  other_waits.Notify();
  other_done.WaitForNotification();
  EXPECT_EQ(spare, (std::vector<int>{2, 1, 2}));
}

TEST(MiningPoolTest, OneCoreIsEnough) {
  int spare = 0;
  absl::Notification done;
  MiningPool pool(1, 10);
  ASSERT_TRUE(pool.Run([&] {
                    spare = pool.SpareThreads();
                    done.Notify();
                  })
                  .ok());
  done.WaitForNotification();
  EXPECT_EQ(spare, 1);
}

}  // namespace
}  // namespace clustr::bundles
